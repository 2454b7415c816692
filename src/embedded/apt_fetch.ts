/**
 * Fetches one package of the machine's own distribution without root and without touching the
 * system: apt runs on a configuration, lists and caches of its own, and nothing is installed.
 */
import type { AptCandidate } from "./apt_choice.ts";

/** Hooks that the machine runs after an update are for its own lists: they are switched off. */
const CONFIGURATION = `
#clear APT::Update::Pre-Invoke;
#clear APT::Update::Post-Invoke;
#clear APT::Update::Post-Invoke-Success;
#clear APT::Default-Release;
#clear Acquire::IndexTargets::deb;
Acquire::IndexTargets::deb::Packages {
  MetaKey "$(COMPONENT)/binary-$(ARCHITECTURE)/Packages";
  flatMetaKey "Packages";
  ShortDescription "Packages";
  Description "$(RELEASE)/$(COMPONENT) $(ARCHITECTURE) Packages";
};
Acquire::Languages "none";
Acquire::Retries "2";
Debug::NoLocking "1";
`;

/**
 * Downloads `name` from the candidate and unpacks it under `work` (an existing empty directory).
 * Resolves with the directory it was unpacked into, or with apt's last words when it failed.
 */
export async function fetchPackage(
  name: string,
  candidate: AptCandidate,
  work: string,
): Promise<{ unpacked: string } | { failed: string }> {
  for (const dir of ["state/lists/partial", "cache/archives/partial", "package", "unpacked"]) {
    await Deno.mkdir(`${work}/${dir}`, { recursive: true });
  }
  await Deno.writeTextFile(`${work}/apt.conf`, configuration(work));
  await Deno.writeTextFile(`${work}/own.sources`, candidate.source);

  const apt = (...args: string[]) =>
    run("apt-get", ["-q", "-c", `${work}/apt.conf`, ...args], `${work}/package`);
  const failed = await apt("update") ?? await apt("download", name);
  if (failed !== null) return { failed };
  for await (const { name: file } of Deno.readDir(`${work}/package`)) {
    const broken = await run("dpkg-deb", ["-x", file, `${work}/unpacked`], `${work}/package`);
    return broken === null ? { unpacked: `${work}/unpacked` } : { failed: broken };
  }
  return { failed: `apt-get downloaded no ${name}` };
}

function configuration(work: string): string {
  const settings = {
    "Dir::Etc::sourcelist": `${work}/own.sources`,
    "Dir::Etc::sourceparts": "-",
    "Dir::Etc::preferences": "-",
    "Dir::Etc::preferencesparts": "-",
    "Dir::State": `${work}/state`,
    "Dir::State::lists": `${work}/state/lists`,
    "Dir::Cache": `${work}/cache`,
    "Dir::Cache::archives": `${work}/cache/archives`,
    "Dir::Log": `${work}/state`,
    // Root's apt would step down to a user who may not write here.
    "APT::Sandbox::User": Deno.uid() === 0 ? "root" : "",
  };
  const lines = Object.entries(settings).map(([key, value]) => `${key} "${value}";\n`);
  return CONFIGURATION + lines.join("");
}

/** Null when all went well, else the last lines of what the command said. */
async function run(command: string, args: string[], cwd: string): Promise<string | null> {
  try {
    const { success, stdout, stderr } = await new Deno.Command(command, {
      args,
      cwd,
      env: { LC_ALL: "C.UTF-8" },
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
    }).output();
    if (success) return null;
    const said = new TextDecoder().decode(stderr).trim() || new TextDecoder().decode(stdout).trim();
    return `${command}: ${said.split("\n").slice(-3).join(" / ")}`;
  } catch (error) {
    return `${command}: ${(error as Error).message}`;
  }
}
