/** The C library, by system. */
const LIBC = { linux: "libc.so.6", darwin: "libSystem.B.dylib" } as const;

/**
 * Ends this process as a kill would: what is under way stops where it is. `Deno.exit` lets the engine
 * end itself first, and while one of its threads is at work that waits for minutes, with its directory
 * locked, or crashes. Needs `--allow-ffi`, as the engine does.
 */
export function exitAtOnce(code: number): never {
  const name = LIBC[Deno.build.os as keyof typeof LIBC];
  if (name !== undefined) {
    Deno.dlopen(name, { _exit: { parameters: ["i32"], result: "void" } }).symbols._exit(code);
  }
  Deno.exit(code);
}
