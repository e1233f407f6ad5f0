//! A text as a QR code, as the path of a drawing with a unit for each module.

use qrcodegen::{QrCode, QrCodeEcc};
use std::fmt::Write;

/// The most bytes that such a code can hold.
pub(super) const MOST_BYTES: usize = 2953;

/// How many modules must be left free around it.
pub(super) const QUIET: usize = 4;

/// The number of modules on a side, and the path of the dark ones; `None` where the text is too
/// long.
pub(super) fn qr(text: &str) -> Option<(usize, String)> {
    let code = QrCode::encode_binary(text.as_bytes(), QrCodeEcc::Low).ok()?;
    let size = code.size();
    let mut path = String::new();
    for y in 0..size {
        let mut x = 0;
        while x < size {
            let run = (x..size).take_while(|x| code.get_module(*x, y)).count() as i32;
            if run > 0 {
                // A text takes what is written to it.
                let _ = write!(path, "M{x} {y}h{run}v1h-{run}z");
            }
            x += run + 1;
        }
    }
    Some((size as usize, path))
}
