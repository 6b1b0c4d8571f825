/**
 * Serves the built page to this machine alone, with the headers that shut it off from every other origin.
 * Separate from the command that calls it, so that tests can open and close it.
 *
 * All files are read once: a path is a key and never touches the disk, and a rebuild in between cannot tear a page.
 * (sirv was tried: a range that ends before it starts, or a file removed since, ends its process.)
 */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { extname, join, relative, sep } from 'node:path';
import { listenOn, LOOPBACK, portError } from './loopback.ts';

export interface ServeOptions {
  /** Folder of the built page. */
  root: string;
  /** 0 takes a free port; none given means 4173, or a free one where that is taken. */
  port?: number;
}

export interface Served {
  url: string;
  close(): Promise<void>;
}

const DEFAULT_PORT = 4173;

const HEADERS = {
  'Content-Security-Policy': [
    "default-src 'none'",
    "script-src 'self' 'wasm-unsafe-eval'",
    "worker-src 'self'",
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self'",
    "connect-src 'self'",
    "manifest-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "object-src 'none'",
  ].join('; '),
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cache-Control': 'no-cache',
};

const CONTENT_TYPES: Record<string, string> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.map': 'application/json',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.wasm': 'application/wasm',
  '.webmanifest': 'application/manifest+json',
  '.woff2': 'font/woff2',
};

interface StaticFile {
  content: Buffer;
  type: string;
  tag: string;
}

/** Listens on the loopback address until `close`. Throws InputError where the port cannot be had, Error where the page is not built. */
export async function serve(options: ServeOptions): Promise<Served> {
  const files = readFiles(options.root);
  const server = createServer((request, response) => answer(files, request, response));
  // What is no HTTP at all gets no answer.
  server.on('clientError', (_error, socket) => socket.destroy());
  const port = await listen(server, options.port);
  return { url: `http://${LOOPBACK}:${port}/`, close: () => close(server) };
}

function readFiles(root: string): Map<string, StaticFile> {
  if (!existsSync(join(root, 'index.html'))) throw new Error(`${root} holds no built page; \`npm run build\` makes it.`);
  const files = new Map<string, StaticFile>();
  for (const entry of readdirSync(root, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    const content = readFileSync(path);
    const file = {
      content,
      type: CONTENT_TYPES[extname(path)] ?? 'application/octet-stream',
      tag: `"${createHash('sha256').update(content).digest('base64url')}"`,
    };
    files.set(`/${relative(root, path).split(sep).join('/')}`, file);
  }
  files.set('/', files.get('/index.html')!);
  return files;
}

function answer(files: Map<string, StaticFile>, request: IncomingMessage, response: ServerResponse): void {
  for (const [name, value] of Object.entries(HEADERS)) response.setHeader(name, value);
  if (!isOwnRequest(request)) return refuse(response, 403, 'Only this machine may ask.');
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    response.setHeader('Allow', 'GET, HEAD');
    return refuse(response, 405, 'Only GET and HEAD.');
  }
  const file = files.get(pathOf(request.url ?? ''));
  if (file === undefined) return refuse(response, 404, 'Not found.');
  response.setHeader('ETag', file.tag);
  if (request.headers['if-none-match'] === file.tag) {
    response.writeHead(304).end();
    return;
  }
  response.writeHead(200, { 'Content-Type': file.type, 'Content-Length': file.content.length });
  response.end(request.method === 'HEAD' ? undefined : file.content);
}

/** True where the browser was led here by our own address: a name that another site bound to this machine is refused. */
function isOwnRequest({ headers }: IncomingMessage): boolean {
  const own = /^(127\.0\.0\.1|localhost|\[::1\])(:\d{1,5})?$/i;
  const fromOwnPage = headers.origin === undefined || own.test(headers.origin.replace(/^http:\/\//, ''));
  return own.test(headers.host ?? '') && fromOwnPage;
}

function pathOf(url: string): string {
  const path = url.replace(/[?#].*$/s, '');
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

function refuse(response: ServerResponse, status: number, message: string): void {
  response.writeHead(status, { 'Content-Type': 'text/plain; charset=utf-8', Connection: 'close' }).end(`${message}\n`);
}

async function listen(server: Server, port: number | undefined): Promise<number> {
  try {
    return await listenOn(server, port ?? DEFAULT_PORT);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (port === undefined && code === 'EADDRINUSE') return listenOn(server, 0);
    throw portError(port ?? DEFAULT_PORT, error, 'PORT=…');
  }
}

function close(server: Server): Promise<void> {
  return new Promise((resolve, reject) => {
    server.close((error) => (error === undefined ? resolve() : reject(error)));
    server.closeAllConnections();
  });
}
