// Writes a zip. The same files give the same bytes: all of them are of the first day that a zip can tell.

import { deflateRawSync } from "node:zlib";

const DAY = 0x21;
const UTF8 = 0x0800;
const DEFLATED = 8;

const TABLE = Array.from({ length: 256 }, (_, n) => {
  let c = n;
  for (let bit = 0; bit < 8; bit += 1) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1;
  return c >>> 0;
});

/** The checksum of a zip. (Node's own is younger than the oldest Node that builds this.) */
function crc32(bytes) {
  let c = 0xffffffff;
  for (const byte of bytes) c = TABLE[(c ^ byte) & 0xff] ^ (c >>> 8);
  return (c ^ 0xffffffff) >>> 0;
}

/** The fields that stand before the content of a file and, once more, in the directory. */
function fields(name, bytes, packed) {
  const part = Buffer.alloc(26);
  part.writeUInt16LE(20, 0);
  part.writeUInt16LE(UTF8, 2);
  part.writeUInt16LE(DEFLATED, 4);
  part.writeUInt16LE(0, 6);
  part.writeUInt16LE(DAY, 8);
  part.writeUInt32LE(crc32(bytes), 10);
  part.writeUInt32LE(packed.length, 14);
  part.writeUInt32LE(bytes.length, 18);
  part.writeUInt16LE(Buffer.byteLength(name), 22);
  return part;
}

function word(value) {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

/** The zip of these files, each `{ name, bytes }`, in this order. */
export function zip(files) {
  const [parts, directory] = [[], []];
  let at = 0;
  for (const { name, bytes } of files) {
    const packed = deflateRawSync(bytes, { level: 9 });
    const common = fields(name, bytes, packed);
    const local = Buffer.concat([word(0x04034b50), common, Buffer.from(name), packed]);
    // Of the directory's own fields only the place of the file says something here.
    const own = Buffer.alloc(14);
    own.writeUInt32LE(at, 10);
    directory.push(word(0x02014b50), Buffer.from([20, 0]), common, own, Buffer.from(name));
    parts.push(local);
    at += local.length;
  }
  const listed = Buffer.concat(directory);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(files.length, 4);
  end.writeUInt16LE(files.length, 6);
  end.writeUInt32LE(listed.length, 8);
  end.writeUInt32LE(at, 12);
  return Buffer.concat([...parts, listed, word(0x06054b50), end]);
}
