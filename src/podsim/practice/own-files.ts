/** Files that a scenario's solution makes for its commands (`kubectl apply -k …`): in memory, apart from the host's. */
import { byteLength } from '../../api/bytes.js';
import type { Files } from '../../kubectl/files.js';

/** From the root, without `.` and `..`. */
function at(path: string): string {
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return `/${parts.join('/')}`;
}

/** Only reading: what writes or runs something has no place in a scenario. */
export function ownFiles(texts: ReadonlyMap<string, string>): Files {
  const below = (path: string): string => (at(path) === '/' ? '/' : `${at(path)}/`);
  const text = (path: string): string => {
    const found = texts.get(at(path));
    if (found === undefined) throw Object.assign(new Error(`no file ${path}`), { code: 'ENOENT' });
    return found;
  };
  const no = async (): Promise<never> => {
    throw new Error('commands of a scenario write no files and run no programs');
  };
  return {
    path: at,
    read: async (path) => text(path),
    readBytes: async (path) => new TextEncoder().encode(text(path)),
    linkTarget: async () => undefined,
    async kind(path) {
      const found = texts.get(at(path));
      if (found !== undefined) return { kind: 'file', mode: 0o644, size: byteLength(found), modified: 0 };
      const isDirectory = [...texts.keys()].some((one) => one.startsWith(below(path)));
      return isDirectory ? { kind: 'directory', mode: 0o755, size: 0, modified: 0 } : undefined;
    },
    list: async (path) =>
      [...new Set([...texts.keys()].filter((one) => one.startsWith(below(path))).map((one) => one.slice(below(path).length).split('/')[0] as string))].sort(),
    write: no,
    overwrite: no,
    makeDirectory: no,
    makeTemporaryDirectory: no,
    remove: no,
    run: no,
    capture: no,
  };
}
