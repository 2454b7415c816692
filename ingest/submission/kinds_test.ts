import assert from "node:assert/strict";
import { recipientKinds } from "./kinds.ts";

const kinds = (recipients: string[], to: string[], cc: string[]) =>
  recipientKinds(recipients.map((address) => ({ address })), { to, cc, names: new Map() })
    .map(({ kind }) => kind);

Deno.test("To comes before Cc, and who is in neither is Bcc", () => {
  assert.deepEqual(
    kinds(["a@x.example", "b@x.example", "c@x.example"], ["a@x.example"], [
      "a@x.example",
      "b@x.example",
    ]),
    ["to", "cc", "bcc"],
  );
});

Deno.test("an exact match counts before one without regard to case", () => {
  assert.deepEqual(kinds(["a@x.example", "A@x.example"], ["A@X.example"], ["a@x.EXAMPLE"]), [
    "cc",
    "to",
  ]);
  assert.deepEqual(kinds(["ann@x.example"], ["Ann@x.example"], []), ["to"]);
});

Deno.test("a domain in the header may be written in Unicode", () => {
  assert.deepEqual(kinds(["a@xn--bcher-kva.example"], [], ["a@bücher.example"]), ["cc"]);
});

Deno.test("header addresses that are no mailboxes do no harm", () => {
  assert.deepEqual(kinds(["a@x.example"], ["", "@", "undisclosed recipients"], ["a"]), ["bcc"]);
});

Deno.test("a name comes from the sender, or else from the header; blind copies have none there", () => {
  const header = {
    to: ["Ann@x.example", "b@x.example"],
    cc: ["c@x.example"],
    names: new Map([
      ["Ann@x.example", "Ann"],
      ["b@x.example", "Bob"],
      ["c@x.example", `${"c".repeat(254)}🚀`],
    ]),
  };
  const fields = { Ville: "Lyon" };
  const recipients = [
    { address: "ann@x.example", fields },
    { address: "b@x.example", name: "Robert" },
    { address: "c@x.example" },
    { address: "d@x.example" },
  ];
  assert.deepEqual(recipientKinds(recipients, header), [
    { address: "ann@x.example", kind: "to", name: "Ann", fields },
    { address: "b@x.example", kind: "to", name: "Robert" },
    { address: "c@x.example", kind: "cc", name: `${"c".repeat(254)}\ufffd` },
    { address: "d@x.example", kind: "bcc" },
  ]);
});
