/**
 * Listening on the loopback address, which is the only one that anything here listens on, and why a port cannot be had.
 */
import type { AddressInfo, Server } from 'node:net';
import { InputError } from '../domain/errors.ts';

export const LOOPBACK = '127.0.0.1';

/** Resolves with the port; 0 takes a free one. Rejects with the system's own error. */
export function listenOn(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, LOOPBACK, () => {
      server.off('error', reject);
      resolve((server.address() as AddressInfo).port);
    });
  });
}

/** The same error as the user's: which port, what is wrong with it, and with what to set another. */
export function portError(port: number, error: unknown, setWith: string): InputError {
  const reasons: Record<string, string> = {
    EADDRINUSE: 'is taken by another program',
    EACCES: 'may not be used by this user',
    ERR_SOCKET_BAD_PORT: 'is no port number',
  };
  const { code = 'unknown reason' } = error as NodeJS.ErrnoException;
  return new InputError({
    code: 'port',
    message: `port ${port} ${reasons[code] ?? `cannot be used: ${code}`}`,
    value: port,
    allowed: `a free port from 1024 to 65535, or 0 for any free one; set it with ${setWith}`,
  });
}
