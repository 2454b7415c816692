/** Peers that benches measure against must be on the machine; benches never install anything. */

/** @param tools program → the Debian package that brings it. Exits with 2 and says what is missing. */
export async function requireTools(tools: Record<string, string>): Promise<void> {
  const missing: string[] = [];
  for (const [program, pkg] of Object.entries(tools)) {
    if (await find(program) === null) missing.push(`${program} (apt-get install ${pkg})`);
  }
  if (missing.length > 0) {
    console.error(`This bench needs: ${missing.join(", ")}`);
    Deno.exit(2);
  }
}

/** Path of a program on PATH, in the usual system folders or under the root, or null. */
export async function find(program: string): Promise<string | null> {
  for (const folder of [...(Deno.env.get("PATH") ?? "").split(":"), "/usr/sbin", "/sbin", ""]) {
    const path = `${folder}/${program}`;
    if (await Deno.stat(path).then((s) => s.isFile, () => false)) return path;
  }
  return null;
}
