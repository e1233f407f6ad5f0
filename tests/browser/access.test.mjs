// The page for everybody: nothing that axe calls serious, in either language, light and dark.

import { assertAccessible, browserTest, open, screenshot } from "./harness.mjs";
import { openStory, stateWhere } from "./lab.mjs";

const RAFT = `lab raft seed=7
run until leader
run 300ms
kill n2
partition n1 | n3 n4 n5
run 400ms
`;
const HEARTBEAT = `lab heartbeat seed=7
kill n3
run 2s
`;

for (const locale of ["en-GB", "zh-CN"]) {
  for (const colorScheme of ["light", "dark"]) {
    const settings = { locale, colorScheme, viewport: { width: 1440, height: 900 } };
    const name = `${locale} ${colorScheme}`;
    browserTest(`axe finds nothing grave, ${name}`, settings, async ({ page, host }) => {
      await open(page, host.url);
      await assertAccessible(page);
      await screenshot(page, `front ${name}`);

      await openStory(page, host, RAFT);
      await page.keyboard.press("n");
      await page.locator(".node[aria-pressed=true]").waitFor();
      await assertAccessible(page);
      await screenshot(page, `raft ${name}`);
      for (const tab of await page.getByRole("tab").all()) {
        await tab.click();
        await assertAccessible(page);
      }
      await page.locator(".setup > summary").click();
      for (const tools of await page.locator(".palette summary").all()) await tools.click();
      await assertAccessible(page);
      await screenshot(page, `everything open ${name}`);

      await open(page, `${host.url}#/heartbeat`);
      await openStory(page, host, HEARTBEAT);
      await stateWhere(page, "heartbeat", ({ lab }) => lab === "heartbeat");
      await assertAccessible(page);
      await screenshot(page, `heartbeat ${name}`);
    });
  }
}
