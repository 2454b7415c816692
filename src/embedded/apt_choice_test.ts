import assert from "node:assert/strict";
import { aptCandidates, parseOsRelease } from "./apt_choice.ts";
import type { AptSource } from "./apt_sources.ts";

const source = (more: Partial<AptSource>): AptSource => ({
  uris: ["http://mirror.example/archive"],
  suites: ["bookworm"],
  components: ["main"],
  signedBy: null,
  trusted: false,
  ...more,
});
const DEBIAN = { ID: "debian", VERSION_CODENAME: "bookworm" };
const UBUNTU = { ID: "ubuntu", ID_LIKE: "debian", VERSION_CODENAME: "noble" };
const SERIES = ["jammy", "noble", "plucky"];

Deno.test("os-release gives its fields without their quotes", () => {
  assert.deepEqual(
    parseOsRelease("PRETTY_NAME=\"Debian GNU/Linux 12 (bookworm)\"\nID=debian\nX='y'\n# no\nbad"),
    { PRETTY_NAME: "Debian GNU/Linux 12 (bookworm)", ID: "debian", X: "y" },
  );
});

Deno.test("Debian: sid on the mirror that the machine's own release comes from", () => {
  const sources = [
    source({ uris: ["http://extras.example/deb"], suites: ["nodistro"] }),
    source({ uris: ["http://security.example/debian"], suites: ["bookworm-security"] }),
    source({ suites: ["bookworm", "bookworm-updates"], signedBy: "/keys/debian.gpg" }),
  ];
  assert.deepEqual(aptCandidates(DEBIAN, sources, SERIES), [{
    name: "Debian (sid)",
    source: "Types: deb\nURIs: http://mirror.example/archive\nSuites: sid\nComponents: main\n" +
      "Signed-By: /keys/debian.gpg\n",
  }]);
});

Deno.test("Debian: a release known by an alias, a trusted mirror, a CD beside it", () => {
  const [candidate] = aptCandidates(DEBIAN, [
    source({ uris: ["cdrom:[Debian]/"] }),
    source({
      uris: ["cdrom:[Debian]/", "http://mirror.example/archive"],
      suites: ["stable"],
      trusted: true,
    }),
  ], []);
  assert.match(candidate!.source, /^URIs: http:\/\/mirror\.example\/archive$/m);
  assert.match(candidate!.source, /^Trusted: yes$/m);
});

Deno.test("Ubuntu: devel, then the series known to the machine, newest first", () => {
  const candidates = aptCandidates(UBUNTU, [source({ suites: ["noble"] })], SERIES);
  assert.deepEqual(candidates.map(({ name }) => name), [
    "Ubuntu (devel)",
    "Ubuntu (plucky)",
    "Ubuntu (noble)",
    "Ubuntu (jammy)",
  ]);
  assert.match(candidates[0]!.source, /^Components: main universe$/m);
});

Deno.test("a derivative of Ubuntu takes Ubuntu's archive, not its own", () => {
  const mint = { ID: "linuxmint", ID_LIKE: "ubuntu debian", VERSION_CODENAME: "wilma" };
  const sources = [
    source({ uris: ["http://mint.example"], suites: ["wilma"] }),
    source({ uris: ["http://ubuntu.example"], suites: ["noble"] }),
  ];
  const [candidate] = aptCandidates({ ...mint, UBUNTU_CODENAME: "noble" }, sources, []);
  assert.match(candidate!.source, /^URIs: http:\/\/ubuntu\.example$/m);
});

Deno.test("no candidate where the machine is neither, or its archive is not among its sources", () => {
  assert.deepEqual(aptCandidates({ ID: "fedora" }, [source({})], SERIES), []);
  assert.deepEqual(aptCandidates({}, [], []), []);
  assert.deepEqual(aptCandidates(DEBIAN, [], SERIES), []);
  assert.deepEqual(aptCandidates(DEBIAN, [source({ suites: ["nodistro"] })], SERIES), []);
  assert.deepEqual(aptCandidates(DEBIAN, [source({ components: ["contrib"] })], SERIES), []);
  assert.deepEqual(aptCandidates(UBUNTU, [source({ suites: ["nodistro"] })], SERIES), []);
});
