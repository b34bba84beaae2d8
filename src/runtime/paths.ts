/** Absolute paths as text. */
import type { FileNode } from './state.js';

export const parentOf = (path: string): string => path.slice(0, path.lastIndexOf('/')) || '/';
export const join = (directory: string, name: string): string => (directory === '/' ? `/${name}` : `${directory}/${name}`);

/** `/a/./b/../c` → `/a/c`. */
export function normalizePath(path: string): string {
  const out: string[] = [];
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue;
    if (part === '..') out.pop();
    else out.push(part);
  }
  return `/${out.join('/')}`;
}

/** /var/run is a link to /run in many images: what is mounted below it lies there. */
export function throughLinks(path: string, base: (path: string) => FileNode | undefined): string {
  let at = '';
  for (const part of path.split('/').slice(1)) {
    at = `${at}/${part}`;
    const node = base(at);
    if (node?.type === 'l') at = normalizePath(node.data?.startsWith('/') === true ? node.data : `${parentOf(at)}/${node.data}`);
  }
  return at === '' ? '/' : at;
}
