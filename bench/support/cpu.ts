/** CPU time and memory of processes (Linux): tells more than rates where others use the machine. */

/** ms, user and system. Clock ticks are 10 ms on every Linux that Deno runs on. */
export async function cpuMs(pid: number): Promise<number> {
  const stat = await Deno.readTextFile(`/proc/${pid}/stat`);
  // After the name, which may hold spaces: fields 3 and on (proc(5)); utime and stime are 14 and 15.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const own = (Number(fields[11]) + Number(fields[12])) * 10;
  const children = await Deno.readTextFile(`/proc/${pid}/task/${pid}/children`);
  const theirs = await Promise.all(
    children.trim().split(" ").filter(Boolean).map(Number).map(cpuMs),
  );
  return theirs.reduce((sum, each) => sum + each, own);
}

/** Resident memory of a process (Linux), MB. */
export function residentMb(pid: number): Promise<number> {
  return statusMb(pid, "VmRSS");
}

/** The most it has had resident, MB. */
export function mostResidentMb(pid: number): Promise<number> {
  return statusMb(pid, "VmHWM");
}

async function statusMb(pid: number, name: string): Promise<number> {
  const status = await Deno.readTextFile(`/proc/${pid}/status`);
  return Number(new RegExp(`^${name}:\\s+(\\d+)`, "m").exec(status)![1]) / 1024;
}
