/** xtrabackup and xbstream: a MySQL server's data as one stream, to begin a replica with. */
import { FileError } from '../../process.js';
import { copyOfKept } from '../../sql/server.js';
import type { Program, ProgramContext } from '../program.js';
import { later } from './later.js';
import { parseOptions } from './options.js';
import { askSql } from './sql.js';

const DATA = '/var/lib/mysql';
const MAGIC = 'XBSTCK01';
const MARK = 'xtrabackup_checkpoints';
const VERSION = 'xtrabackup version 2.4.4 based on MySQL server 5.7.13 Linux (x86_64) (revision id: df58cf2)\n';
const DONE = 'completed OK!\n';

const optionsIn = (words: readonly string[]): ReadonlyMap<string, string> =>
  new Map(
    words.flatMap((word) => {
      const option = /^--([\w-]+)(?:=(.*))?$/s.exec(word);
      return option === null ? [] : [[option[1] as string, option[2] ?? ''] as const];
    }),
  );

/** `--backup --stream=xbstream`: the server's data and where its log stands; nothing where no server answers. */
export function backup(context: ProgramContext, words: readonly string[]): string {
  const options = optionsIn(words);
  const stamp = (): string => context.clock('%y%m%d %H:%M:%S');
  const host = options.get('host') ?? '127.0.0.1';
  const ask = (statement: string): ReadonlyMap<string, string | null> | undefined => {
    const request = { user: options.get('user') ?? 'root', password: options.get('password') ?? '', isLocal: true, statement };
    const { answer } = askSql(context, { host: host === 'localhost' ? '127.0.0.1' : host, port: Number(options.get('port') ?? 3306) }, request);
    if (answer === undefined || answer.error !== undefined) return undefined;
    const { columns = [], rows = [] } = answer.result ?? {};
    return new Map(rows.length === 0 ? [] : columns.map(({ name }, i) => [name, rows[0]?.[i] ?? null]));
  };
  const log = ask('SHOW MASTER STATUS');
  context.err(
    `${stamp()}  version_check Connecting to MySQL server with DSN 'dbi:mysql:;mysql_read_default_group=xtrabackup;host=${host}' as 'root'  (using password: NO).\n`,
  );
  if (log === undefined) {
    context.err(`Failed to connect to MySQL server: Can't connect to MySQL server on '${host}' (111).\n`);
    return '';
  }
  const slave = options.has('slave-info') ? ask('SHOW SLAVE STATUS') : undefined;
  const file = slave?.get('Master_Log_File');
  const files: Record<string, string> = {
    ibdata1: copyOfKept(read(context, `${options.get('datadir') ?? DATA}/ibdata1`)),
    [MARK]: 'backup_type = full-backuped\nfrom_lsn = 0\nto_lsn = 2533941\nlast_lsn = 2533950\ncompact = 0\nrecover_binlog_info = 0\n',
    ...(log.size === 0 ? {} : { xtrabackup_binlog_info: `${log.get('File')}\t${log.get('Position')}\n` }),
    ...(options.has('slave-info')
      ? { xtrabackup_slave_info: file ? `CHANGE MASTER TO MASTER_LOG_FILE='${file}', MASTER_LOG_POS=${slave?.get('Exec_Master_Log_Pos')};\n` : '' }
      : {}),
  };
  context.err(`${VERSION}${stamp()} Executing UNLOCK TABLES\n${stamp()} All tables unlocked\n${stamp()} ${DONE}`);
  return `${MAGIC}${JSON.stringify(files)}`;
}

function read({ files }: ProgramContext, path: string): string {
  try {
    return files.read(path);
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    return '';
  }
}

const xtrabackup: Program = {
  name: 'xtrabackup',
  run(context) {
    const options = optionsIn(context.args);
    if (options.has('version')) {
      context.err(VERSION);
      return 0;
    }
    return later(context, () => {
      const stamp = context.clock('%y%m%d %H:%M:%S');
      if (options.has('backup')) {
        const out = backup(context, context.args);
        return out === '' ? { code: 1, takes: 20 } : { code: 0, out, takes: 900 };
      }
      if (!options.has('prepare')) return { code: 1, err: VERSION, takes: 10 };
      const directory = context.path(options.get('target-dir') ?? 'xtrabackup_backupfiles');
      if (context.files.stat(`${directory}/${MARK}`) === undefined)
        return {
          code: 1,
          err: `${VERSION}xtrabackup: cd to ${directory}/\nxtrabackup: Error: cannot open ./${MARK}\nxtrabackup: error: xtrabackup_read_metadata()\nxtrabackup: This target seems not to have correct metadata...\n`,
          takes: 20,
        };
      return {
        code: 0,
        err: `${VERSION}xtrabackup: cd to ${directory}/\nxtrabackup: This target seems to be not prepared yet.\n${stamp} ${DONE}`,
        takes: 1200,
      };
    });
  },
};

const xbstream: Program = {
  name: 'xbstream',
  run(context) {
    const options = parseOptions(context, 'xcC:p:v', { extract: 'x', create: 'c', directory: 'C=' });
    if (typeof options === 'number') return options;
    const state = (context.state ?? { input: '' }) as { input: string };
    context.state = state;
    for (let text = context.read(); text !== undefined; text = context.read()) {
      if (text === '') return { wait: 'stdin' };
      state.input += text;
    }
    if (state.input === '') return 0;
    if (!state.input.startsWith(MAGIC)) {
      context.err('xb_stream_read_chunk(): wrong chunk magic at offset 0x0.\n');
      return 1;
    }
    const directory = context.path(options.value('C') ?? '.');
    for (const [name, data] of Object.entries(JSON.parse(state.input.slice(MAGIC.length)) as Readonly<Record<string, string>>))
      context.files.write(`${directory}/${name}`, data, { at: context.now, mode: 0o640 });
    for (const name of ['mysql', 'performance_schema', 'sys'])
      if (context.files.stat(`${directory}/${name}`) === undefined) context.files.makeDirectory(`${directory}/${name}`, 0o750);
    return 0;
  },
};

export const backupPrograms: readonly Program[] = [xtrabackup, xbstream];
