import assert from "node:assert/strict";
import { type AptSource, parseDeb822, parseOneLine } from "./apt_sources.ts";

const PLAIN: AptSource = {
  uris: ["http://mirror.example/debian"],
  suites: ["bookworm"],
  components: ["main"],
  signedBy: null,
  trusted: false,
};
const KEYRING = "/usr/share/keyrings/debian.gpg";

const ONE_LINE: [string, AptSource[]][] = [
  ["", []],
  ["# deb http://mirror.example/debian bookworm main", []],
  ["deb-src http://mirror.example/debian bookworm main", []],
  ["deb http://mirror.example/debian", []],
  ["deb http://mirror.example/debian bookworm main", [PLAIN]],
  ["  deb\thttp://mirror.example/debian   bookworm  main  # why", [PLAIN]],
  ["deb http://mirror.example/debian bookworm main contrib", [
    { ...PLAIN, components: ["main", "contrib"] },
  ]],
  [`deb [arch=amd64 signed-by=${KEYRING}] http://mirror.example/debian bookworm main`, [
    { ...PLAIN, signedBy: KEYRING },
  ]],
  ["deb [ trusted=yes ] http://mirror.example/debian bookworm main", [{ ...PLAIN, trusted: true }]],
  ["deb [trusted=no] http://mirror.example/debian bookworm main", [PLAIN]],
  ["deb file:/srv/packages ./", [
    { ...PLAIN, uris: ["file:/srv/packages"], suites: ["./"], components: [] },
  ]],
];

const DEB822: [string, AptSource[]][] = [
  ["", []],
  ["Types: deb-src\nURIs: http://mirror.example/debian\nSuites: bookworm\nComponents: main", []],
  ["Types: deb\nURIs: http://mirror.example/debian\nSuites: bookworm\nComponents: main\n", [PLAIN]],
  ["types: deb\nuris: http://mirror.example/debian\nsuites: bookworm\ncomponents: main", [PLAIN]],
  ["Enabled: no\nTypes: deb\nURIs: http://mirror.example/debian\nSuites: bookworm", []],
  [
    [
      "# the archive",
      "Types: deb deb-src",
      "# a comment within",
      "URIs: http://mirror.example/debian",
      "Suites: bookworm",
      "Components: main",
      `Signed-By: ${KEYRING}`,
      "",
      "Types: deb",
      "URIs: http://mirror.example/security",
      "Suites: bookworm-security",
      "Components: main",
      "Trusted: yes",
    ].join("\n"),
    [
      { ...PLAIN, signedBy: KEYRING },
      {
        ...PLAIN,
        uris: ["http://mirror.example/security"],
        suites: ["bookworm-security"],
        trusted: true,
      },
    ],
  ],
  [
    [
      "Types: deb",
      "URIs:",
      " http://mirror.example/debian",
      " http://other.example/debian",
      "Suites: bookworm",
      "Components: main",
      "Signed-By:",
      " -----BEGIN PGP PUBLIC KEY BLOCK-----",
      " .",
      " mQINBG",
      " -----END PGP PUBLIC KEY BLOCK-----",
    ].join("\n"),
    [{
      ...PLAIN,
      uris: ["http://mirror.example/debian", "http://other.example/debian"],
      signedBy:
        "-----BEGIN PGP PUBLIC KEY BLOCK-----\n .\n mQINBG\n -----END PGP PUBLIC KEY BLOCK-----",
    }],
  ],
];

for (const [text, expected] of ONE_LINE) {
  Deno.test(`one-line source: ${JSON.stringify(text)}`, () => {
    assert.deepEqual(parseOneLine(text), expected);
  });
}

for (const [text, expected] of DEB822) {
  Deno.test(`deb822 source: ${JSON.stringify(text.slice(0, 60))}`, () => {
    assert.deepEqual(parseDeb822(text), expected);
  });
}
