/** Says in words which setting to change when an address cannot be listened on. */
import type { Listen } from "@chappe/src/runtime";

export async function listening<T>(
  variable: string,
  { hostname, port }: Listen,
  start: () => Promise<T>,
): Promise<T> {
  try {
    return await start();
  } catch (error) {
    const code = (error as { code?: string }).code;
    if (error instanceof Deno.errors.AddrInUse || code === "EADDRINUSE") {
      throw new Error(
        `${hostname}:${port} is taken by another program: stop it, or set ${variable} to another address`,
      );
    }
    if (error instanceof Deno.errors.PermissionDenied || code === "EACCES") {
      throw new Error(
        `${hostname}:${port} may not be listened on: set ${variable} to a port from 1024`,
      );
    }
    throw error;
  }
}
