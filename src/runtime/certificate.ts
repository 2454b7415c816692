/** A certificate of our own for the sandbox: self-signed, ECDSA P-256. */

const ALGORITHM = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
const DAY = 86_400_000;

/**
 * Makes a key and a certificate for `names` (DNS names and IP addresses; the first is the subject),
 * valid from a day before `now` (ms UTC: clocks differ) for `days` days.
 * @returns PEM: the certificate, and its private key as PKCS#8.
 */
export async function makeCertificate(
  { names, now, days }: { names: readonly [string, ...string[]]; now: number; days: number },
): Promise<{ cert: string; key: string }> {
  // Loaded here and not by all who import this member: it is needed once, at the first start. The
  // library resolves its parts by reflection, which has to be there before it.
  await import("reflect-metadata");
  const x509 = await import("@peculiar/x509");
  const keys = await crypto.subtle.generateKey(ALGORITHM, true, ["sign", "verify"]);
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: serialNumber(),
    name: [{ CN: [names[0]] }],
    notBefore: new Date(now - DAY),
    notAfter: new Date(now + days * DAY),
    signingAlgorithm: ALGORITHM,
    keys,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
      new x509.SubjectAlternativeNameExtension(
        names.map((value) => ({ type: kindOf(value), value })),
      ),
    ],
  });
  const pkcs8 = await crypto.subtle.exportKey("pkcs8", keys.privateKey);
  return { cert: certificate.toString("pem"), key: x509.PemConverter.encode(pkcs8, "PRIVATE KEY") };
}

/** 127 random bits, positive (RFC 5280 §4.1.2.2), in hex. */
function serialNumber(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[0] = (bytes[0]! & 0x7f) | 0x40;
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function kindOf(name: string): "ip" | "dns" {
  return name.includes(":") || /^\d+(\.\d+){3}$/.test(name) ? "ip" : "dns";
}
