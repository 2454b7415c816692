/** Finds a nats-server that is new enough, or gets the distribution's newest into the cache. */
import { aptCandidates, parseOsRelease } from "./apt_choice.ts";
import { fetchPackage } from "./apt_fetch.ts";
import { type AptSource, parseDeb822, parseOneLine } from "./apt_sources.ts";
import { EmbeddedError } from "./errors.ts";
import { isNewEnough, LEAST_NATS } from "../log/mod.ts";
import { natsVersion } from "./nats_version.ts";

const NAME = "nats-server";

export interface FindNatsOptions {
  /** The PATH variable's value. */
  path: string;
  /** Where a fetched one is kept, e.g. `~/.cache/chappe`. Made when missing. */
  cacheDir: string;
  /** Shown to whoever waits: a line for each slow step. */
  progress: (line: string) => void;
  /** Root of the machine's own files (`/etc/apt`, `/etc/os-release`). Default `/`. */
  root?: string;
}

/**
 * The path of a nats-server ≥ `LEAST_NATS`: on PATH, else fetched before, else fetched now on Debian
 * and Ubuntu. @throws {EmbeddedError} that says how to get one.
 */
export async function findNats(options: FindNatsOptions): Promise<string> {
  const seen: string[] = [];
  const cached = `${options.cacheDir}/${NAME}`;
  const directories = options.path.split(":").filter((dir) => dir !== "");
  for (const binary of [...directories.map((dir) => `${dir}/${NAME}`), cached]) {
    const version = await natsVersion(binary);
    if (version === null) continue;
    if (isNewEnough(version)) return binary;
    seen.push(`${binary} is ${version}`);
  }
  const failures = await fetchInto(cached, options);
  if (failures === null) return cached;
  throw new EmbeddedError(
    [
      `No ${NAME} ${LEAST_NATS} or newer was found.`,
      ...[...seen, ...failures].map((line) => `  ${line}`),
      `Install one and put it on PATH, or set CHAPPE_NATS_URL to a running server's URL.`,
    ].join("\n"),
  );
}

/** Null when it is there now, else what was tried. Several at once do no harm: the last one wins. */
async function fetchInto(target: string, options: FindNatsOptions): Promise<string[] | null> {
  const candidates = await machineCandidates(options.root ?? "/");
  if (candidates.length === 0) {
    return ["This machine has no archive of Debian or Ubuntu among its package sources."];
  }
  await Deno.mkdir(options.cacheDir, { recursive: true });
  const failures: string[] = [];
  for (const candidate of candidates) {
    options.progress(`Fetching ${NAME} from ${candidate.name}, without installing it …`);
    const work = await Deno.makeTempDir({ dir: options.cacheDir, prefix: "fetch-" });
    try {
      const result = await fetchPackage(NAME, candidate, work);
      const failed = "failed" in result ? result.failed : await keep(result.unpacked, target);
      if (failed === null) {
        options.progress(`${NAME} ${await natsVersion(target)} is kept in ${target}`);
        return null;
      }
      failures.push(`${candidate.name}: ${failed}`);
    } finally {
      await Deno.remove(work, { recursive: true });
    }
  }
  return failures;
}

/** Moves the unpacked binary to its place in one step. Null, or why it will not do. */
async function keep(unpacked: string, target: string): Promise<string | null> {
  for (const path of [`usr/sbin/${NAME}`, `usr/bin/${NAME}`]) {
    const version = await natsVersion(`${unpacked}/${path}`);
    if (version === null) continue;
    if (!isNewEnough(version)) return `has only ${version}`;
    await Deno.rename(`${unpacked}/${path}`, target);
    return null;
  }
  return `its package holds no ${NAME} that runs here`;
}

async function machineCandidates(root: string) {
  const os = parseOsRelease(await text(`${root}/etc/os-release`));
  const sources: AptSource[] = parseOneLine(await text(`${root}/etc/apt/sources.list`));
  for (const file of await names(`${root}/etc/apt/sources.list.d`)) {
    const content = await text(`${root}/etc/apt/sources.list.d/${file}`);
    if (file.endsWith(".list")) sources.push(...parseOneLine(content));
    if (file.endsWith(".sources")) sources.push(...parseDeb822(content));
  }
  return aptCandidates(os, sources, ubuntuSeries(await text(`${root}${UBUNTU_SERIES}`)));
}

const UBUNTU_SERIES = "/usr/share/distro-info/ubuntu.csv";

/** distro-info-data's list: `version,codename,series,created,…`, oldest first. */
function ubuntuSeries(csv: string): string[] {
  return csv.trim().split("\n").slice(1).map((line) => line.split(",")[2] ?? "").filter(Boolean);
}

async function text(path: string): Promise<string> {
  return await Deno.readTextFile(path).catch(() => "");
}

async function names(directory: string): Promise<string[]> {
  const found: string[] = [];
  try {
    for await (const { name } of Deno.readDir(directory)) found.push(name);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  return found.sort();
}
