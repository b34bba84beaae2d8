/** -f, -k, directories, patterns, URLs and stdin: where documents come from (builder.go, visitor.go). */
import { type Factory, UsageError } from '../command.js';
import { aggregate, messageOf } from '../errors.js';
import type { Request } from './request.js';

interface Source {
  readonly name: string;
  read(): Promise<string>;
}

/** Files in a directory are taken by extension, sorted by name (ExpandPathsToFileVisitors). */
export async function sourcesOf(factory: Factory, request: Request): Promise<readonly Source[]> {
  const { files } = factory;
  if (request.kustomize !== undefined && request.kustomize !== '') {
    const path = request.kustomize;
    return [
      {
        name: path,
        read: async () =>
          (await import('../kustomize/build.js')).buildKustomization(files, path, { warn: factory.streams.err, read: (url) => remoteText(url, factory.fetch) }),
      },
    ];
  }
  const sources: Source[] = [];
  const missing: UsageError[] = [];
  let stdinUsed = false;
  for (const path of request.filenames ?? []) {
    if (path === '-') {
      if (stdinUsed) throw new UsageError('standard input cannot be used for multiple arguments');
      stdinUsed = true;
      sources.push({ name: 'STDIN', read: () => standardInput(factory) });
      continue;
    }
    if (/^https?:\/\//.test(path)) {
      sources.push({ name: path, read: async () => fetchText(path, factory.fetch) });
      continue;
    }
    for (const one of await expand(files, path)) {
      const found = await files.kind(one);
      if (found === undefined) {
        missing.push(new UsageError(`the path "${one}" does not exist`));
        continue;
      }
      if (found.kind === 'file') {
        sources.push({ name: one, read: async () => textOf(await files.readBytes(one)) });
        continue;
      }
      const inside = await manifestsIn(files, one, request.recursive === true);
      if (inside.length === 0) {
        throw new UsageError(`error reading [${(request.filenames ?? []).join(' ')}]: recognized file extensions are [.json .yaml .yml]`);
      }
      sources.push(...inside.map((file) => ({ name: file, read: async () => textOf(await files.readBytes(file)) })));
    }
  }
  const error = aggregate(missing);
  if (error !== undefined) throw error;
  return sources;
}

async function standardInput({ files, streams }: Factory): Promise<string> {
  if ((await files.kind('/dev/stdin'))?.kind === 'directory') throw new UsageError('error parsing STDIN: read /dev/stdin: is a directory');
  return textOf(await streams.in.read());
}

/** As YAML readers do: UTF-16 by its byte order mark (what PowerShell's `>` writes), else UTF-8. */
function textOf(bytes: Uint8Array): string {
  const mark = ((bytes[0] ?? 0) << 8) | (bytes[1] ?? 0);
  return new TextDecoder(mark === 0xfffe ? 'utf-16le' : mark === 0xfeff ? 'utf-16be' : 'utf-8').decode(bytes);
}

/** `-f '*.json'`: kubectl expands patterns itself when no such file is there. */
async function expand(files: Factory['files'], pattern: string): Promise<readonly string[]> {
  if (!/[*?[]/.test(pattern) || (await files.kind(pattern)) !== undefined) return [pattern];
  const slash = pattern.lastIndexOf('/');
  const directory = slash < 0 ? '.' : pattern.slice(0, slash);
  const base = pattern.slice(slash + 1);
  const source = base
    .replace(/[.+^${}()|\\]/g, '\\$&')
    .replaceAll('*', '[^/]*')
    .replaceAll('?', '[^/]');
  const names = (await files.kind(directory))?.kind === 'directory' ? await files.list(directory) : [];
  const found = names.filter((name) => new RegExp(`^${source}$`).test(name)).map((name) => (slash < 0 ? name : `${directory}/${name}`));
  return found.length === 0 ? [pattern] : found;
}

async function manifestsIn(files: Factory['files'], directory: string, recursive: boolean): Promise<readonly string[]> {
  const found: string[] = [];
  const base = directory.replace(/\/+$/, '');
  for (const name of await files.list(directory)) {
    const path = base === '' ? `/${name}` : `${base === '.' ? '' : `${base}/`}${name}`;
    const kind = await files.kind(path);
    if (kind?.kind === 'directory') {
      if (recursive) found.push(...(await manifestsIn(files, path, true)));
    } else if (/\.(json|ya?ml)$/.test(name)) found.push(path);
  }
  return found;
}

async function fetchText(url: string, get: Factory['fetch']): Promise<string> {
  try {
    const response = get === undefined ? await fetch(url) : await get(url);
    if (!response.ok)
      throw new UsageError(`unable to read URL "${url}", server reported ${response.status} ${response.statusText}, status code=${response.status}`);
    return await response.text();
  } catch (error) {
    if (error instanceof UsageError) throw error;
    // Node's fetch says what failed in its cause
    const cause = error instanceof Error ? error.cause : undefined;
    if (cause instanceof Error && 'code' in cause)
      throw cause.code === 'ERR_INVALID_URL' ? invalidUrl(url) : (await import('../../client/http/unreached.js')).inGoWords(named(cause, new URL(url)));
    throw new UsageError(`unable to read URL "${url}": ${messageOf(error)}`);
  }
}

/** What a kustomization's URL leads to, or why it does not, in the words of its HTTP client (kustomize api/internal/loader fileloader.go). */
export async function remoteText(url: string, get: Factory['fetch']): Promise<string> {
  let response: Awaited<ReturnType<NonNullable<Factory['fetch']>>>;
  try {
    response = get === undefined ? await fetch(url) : await get(url);
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    const all: readonly unknown[] = cause instanceof AggregateError ? cause.errors : [cause];
    const tried = (all.find((one) => (one as { address?: string }).address?.includes(':') === false) ?? all[0]) as Error & { address?: string; port?: number };
    const refused = (cause as { code?: unknown }).code === 'ECONNREFUSED';
    const why = refused ? `dial tcp ${tried.address}:${tried.port}: connect: connection refused` : undefined;
    throw new UsageError(`Get "${url}": ${why ?? messageOf((await import('../../client/http/unreached.js')).inGoWords(tried))}`);
  }
  if (!response.ok) throw new UsageError(`HTTP Error: status code ${response.status} (${response.statusText})`);
  return response.text();
}

/** Go parses a URL without a host, and fails at asking it. */
function invalidUrl(url: string): UsageError {
  const [host = ''] = url.replace(/^\w+:\/\//, '').split(/[/?#]/);
  if (host === '') return new UsageError('Unable to connect to the server: http: no Host in request URL', 'bare');
  const odd = /[\s"<>^`{|}\\]/.exec(host)?.[0];
  const why = odd === undefined ? 'invalid host' : `invalid character ${JSON.stringify(odd)} in host name`;
  return new UsageError(`the URL passed to filename ${JSON.stringify(url)} is not valid: parse ${JSON.stringify(url)}: ${why}`);
}

/** A failed connection tells the host that was asked for, not the address tried last. */
const named = (error: Error, { hostname, port, protocol }: URL): Error =>
  Object.assign(error, { address: hostname, port: Number(port) || (protocol === 'https:' ? 443 : 80) });
