import assert from "node:assert/strict";
import { createPrivateKey, X509Certificate } from "node:crypto";
import { makeCertificate } from "./certificate.ts";

Deno.test("the certificate names its hosts, matches its key and says when it ends", async () => {
  const now = Date.UTC(2026, 10, 22);
  const { cert, key } = await makeCertificate({
    names: ["mail.example.com", "localhost", "127.0.0.1", "::1"],
    now,
    days: 365,
  });
  const certificate = new X509Certificate(cert);
  assert.equal(certificate.subject, "CN=mail.example.com");
  assert.equal(certificate.checkHost("localhost"), "localhost");
  assert.equal(certificate.checkHost("other.example"), undefined);
  assert.ok(certificate.subjectAltName!.includes("127.0.0.1"));
  assert.equal(certificate.verify(certificate.publicKey), true);
  assert.equal(certificate.checkPrivateKey(createPrivateKey(key)), true);
  assert.equal(createPrivateKey(key).asymmetricKeyDetails?.namedCurve, "prime256v1");
  assert.equal(Date.parse(certificate.validTo), Date.UTC(2027, 10, 22));
  assert.equal(Date.parse(certificate.validFrom), Date.UTC(2026, 10, 21));
});

Deno.test("two certificates share neither key nor serial number", async () => {
  const make = () => makeCertificate({ names: ["a.example"], now: Date.UTC(2026, 0), days: 1 });
  const [first, second] = [await make(), await make()];
  assert.notEqual(first.key, second.key);
  assert.notEqual(
    new X509Certificate(first.cert).serialNumber,
    new X509Certificate(second.cert).serialNumber,
  );
});
