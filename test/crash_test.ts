/** A short crash run; the long one stands in `test/soak`. */
import { crashUnderLoad } from "./support/crash.ts";

Deno.test("nothing answered 250 is lost when processes are killed under load", async () => {
  await crashUnderLoad({ kills: 3, senders: 8, note: () => {} });
});
