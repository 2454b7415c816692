import assert from "node:assert/strict";
import { startTestDns, type Zone } from "@chappe/src/dns";
import { recordsOf } from "@chappe/src/domains";
import { readSettings } from "@chappe/src/settings";
import { refused, withLog } from "./test_log.ts";

Deno.test("a domain is added, found in the DNS, published and rotated", async () => {
  const zones: Record<string, Zone> = {};
  await using dns = await startTestDns(zones);
  await withLog(
    { CHAPPE_DNS: `${dns.server.host}:${dns.server.port}` },
    async (chappe, { events, config }) => {
      const on = "--account=demo";
      const added = await chappe("domain", "add", "Shop.example", on, "--ed25519");
      const names = added.map((r: Record<string, string>) => r["name"]);
      for (const selector of ["chappe1", "chappe2", "chappe1-ed", "chappe2-ed"]) {
        assert(names.includes(`${selector}._domainkey.shop.example`));
      }
      const status = async (verb: string) =>
        (await chappe("domain", verb, "shop.example", on))
          .filter((r: Record<string, string>) => r["purpose"] === "dkim")
          .map((r: Record<string, string>) => r["status"]);
      assert.deepEqual(await status("show"), Array(4).fill("never checked"));
      assert.deepEqual(await status("check"), Array(4).fill("missing"));

      const own = (await readSettings(events)).state.domains.get("demo")!.get("shop.example")!;
      const publish = (name: string, type: string, value: string) => {
        if (type === "CNAME") zones[name] = { records: [{ type, value }] };
        if (type === "TXT") zones[name] = { records: [{ type, value: value.match(/.{1,255}/g)! }] };
      };
      for (const { name, type, value, targets } of recordsOf(own, config)) {
        publish(name, type, value);
        for (const target of targets) publish(value, target.type, target.value);
      }
      assert.deepEqual(await status("check"), Array(4).fill("ok"));
      assert.deepEqual(await status("show"), Array(4).fill("ok"));
      const { lines } = await chappe("domain", "zone");
      assert(
        lines.some((line: string) =>
          /^chappe1\.demo\.shop\.example\.dkim\.chappe\.localhost\. \d+ IN TXT "v=DKIM1; k=rsa; p=/
            .test(line)
        ),
      );

      const { newKeys } = await chappe("domain", "rotate", "shop.example", on);
      assert.deepEqual(newKeys, ["chappe2", "chappe2-ed"]);
      await assert.rejects(
        chappe("domain", "rotate", "shop.example", on),
        refused("forbidden", /check the domain/),
      );
      const list = await chappe("domain", "list", on);
      assert.deepEqual(list[1].verified.toSorted(), ["chappe1", "chappe1-ed"]);
      await chappe("domain", "remove", "shop.example", on);
      await assert.rejects(
        chappe("domain", "show", "shop.example", on),
        refused("unknown", /no domain "shop\.example"/),
      );
    },
  );
});
