/** What mysqld is told by its option files and its arguments, by the names of the variables it sets. */
import { FileError, type ProcessHost } from '../process.js';

type Options = Readonly<Record<string, string>>;

/** The image's own /etc/my.cnf. */
const OWN = '!includedir /etc/mysql/conf.d/\n!includedir /etc/mysql/mariadb.conf.d/\n';
const GROUPS = /^(mysqld|server|mariadbd?|mysqld-\d+\.\d+|mariadb-\d+\.\d+)$/;

export function optionsOf({ files }: ProcessHost, argv: readonly string[]): Options {
  const out: Record<string, string> = {};
  const set = (name: string, value: string | undefined): void => {
    out[name.replace(/-/g, '_')] = settingOf(value);
  };
  const text = (path: string): string | undefined => {
    try {
      return files.read(path);
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
      return undefined;
    }
  };
  const read = (content: string): void => {
    let group = '';
    for (const line of content.split('\n').map((one) => one.trim())) {
      const directory = /^!includedir\s+(\S+?)\/?$/.exec(line)?.[1];
      const head = /^\[(.*)\]$/.exec(line)?.[1];
      if (directory !== undefined) included(directory);
      else if (head !== undefined) group = head;
      else if (GROUPS.test(group)) {
        const option = /^([\w-]+)\s*(?:=\s*(.*))?$/.exec(line);
        if (option !== null) set(option[1] as string, option[2]);
      }
    }
  };
  const included = (directory: string): void => {
    if (files.stat(directory)?.type !== 'directory') return;
    for (const name of [...files.list(directory)].sort()) if (name.endsWith('.cnf')) read(text(`${directory}/${name}`) ?? '');
  };
  for (const path of ['/etc/my.cnf', '/etc/mysql/my.cnf']) read(text(path) ?? (path === '/etc/my.cnf' ? OWN : ''));
  for (const word of argv) {
    const option = /^--([\w-]+)(?:=(.*))?$/s.exec(word);
    if (option !== null) set(option[1] as string, option[2]);
  }
  return out;
}

/** Switches as numbers, sizes in bytes, texts without their quotes. */
function settingOf(given: string | undefined): string {
  const value = (given ?? '1').replace(/^(["'])(.*)\1$/, '$2');
  const size = /^(\d+)([kmg])$/i.exec(value);
  if (size !== null) return String(Number(size[1]) * 1024 ** (1 + 'kmg'.indexOf((size[2] as string).toLowerCase())));
  return /^(on|true)$/i.test(value) ? '1' : /^(off|false)$/i.test(value) ? '0' : value;
}
