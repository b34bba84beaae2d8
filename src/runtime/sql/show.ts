/** What the servers tell of themselves: SHOW, DESCRIBE, and the tables of their own that people ask. */
import { type Result, type Session, SYSTEM, type Table, tableOf, tablesOf } from './engine.js';
import type { Reader } from './expression.js';
import { listedVariables } from './functions.js';
import { logOf, replicaStatus } from './replication.js';
import { type Column, SqlError, type Value } from './values.js';

const listing = (names: readonly string[], rows: readonly (readonly (string | null)[])[]): Result => ({
  tag: 'SHOW',
  columns: names.map((name) => ({ name, isNumeric: false })),
  rows,
});

const byName = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

export function show(session: Session, r: Reader): Result {
  r.needs('SHOW');
  if (session.dialect === 'postgres') return setting(session, r);
  const isFull = r.takes('FULL');
  if (!r.takes('GLOBAL')) r.takes('SESSION');
  if (r.takes('DATABASES') || r.takes('SCHEMAS')) return liked(r, 'Database', [...Object.keys(session.data.databases), ...SYSTEM].sort(byName));
  if (r.takes('TABLES')) {
    const database = r.takes('FROM') || r.takes('IN') ? r.name() : session.database;
    if (database === undefined) throw new SqlError('No database selected', '1046 (3D000)');
    return liked(r, `Tables_in_${database}`, Object.keys(session.data.databases[database] ?? {}).sort(byName));
  }
  if (r.takes('COLUMNS') || r.takes('FIELDS')) {
    if (!r.takes('FROM')) r.needs('IN');
    return described(session, tableOf(session, r.qualified()));
  }
  if (r.takes('CREATE', 'TABLE')) {
    const name = r.qualified();
    return listing(['Table', 'Create Table'], [[name.name, createText(name.name, tableOf(session, name))]]);
  }
  if (r.takes('CREATE', 'DATABASE')) {
    const name = r.name();
    return listing(
      ['Database', 'Create Database'],
      [[name, `CREATE DATABASE \`${name}\` /*!40100 DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_0900_ai_ci */ /*!80016 DEFAULT ENCRYPTION='N' */`]],
    );
  }
  if (r.takes('VARIABLES')) return named(r, listedVariables(session));
  if (r.takes('STATUS')) {
    const uptime = String(Math.floor((session.now - session.started) / 1000));
    return named(r, [
      ['Threads_connected', '1'],
      ['Threads_running', '2'],
      ['Uptime', uptime],
      ['Questions', '8'],
      ['Connections', '9'],
    ]);
  }
  if (r.takes('PROCESSLIST')) {
    const info = `SHOW ${isFull ? 'FULL ' : ''}PROCESSLIST`;
    return listing(
      ['Id', 'User', 'Host', 'db', 'Command', 'Time', 'State', 'Info'],
      [['8', session.user, session.from, session.database ?? null, 'Query', '0', 'init', info]],
    );
  }
  if (r.takes('GRANTS')) {
    r.at = r.tokens.length - 1;
    return listing([`Grants for ${session.user}@%`], [[`GRANT ALL PRIVILEGES ON *.* TO \`${session.user}\`@\`%\` WITH GRANT OPTION`]]);
  }
  if (r.takes('ENGINES'))
    return listing(['Engine', 'Support', 'Comment'], [['InnoDB', 'DEFAULT', 'Supports transactions, row-level locking, and foreign keys']]);
  if (r.takes('WARNINGS') || r.takes('ERRORS') || r.takes('INDEX')) {
    r.at = r.tokens.length - 1;
    return listing([], []);
  }
  if (r.takes('MASTER', 'STATUS') || r.takes('BINARY', 'LOG', 'STATUS')) {
    const log = logOf(session);
    const names = ['File', 'Position', 'Binlog_Do_DB', 'Binlog_Ignore_DB', 'Executed_Gtid_Set'];
    return listing(names, log === undefined ? [] : [[log.file, log.position, '', '', '']]);
  }
  const isNew = r.takes('REPLICA', 'STATUS');
  if (isNew || r.takes('SLAVE', 'STATUS')) {
    const status = replicaStatus(session, isNew) ?? [];
    return listing(
      status.map(([name]) => name),
      status.length === 0 ? [] : [status.map(([, value]) => value)],
    );
  }
  throw r.wrong();
}

/** `LIKE 'pattern'` of a list. */
function liked(r: Reader, title: string, names: readonly string[]): Result {
  const pattern = r.takes('LIKE') ? patternOf(r) : undefined;
  const text = pattern === undefined ? title : `${title} (${r.tokens[r.at - 1]?.text})`;
  return listing(
    [text],
    names.filter((name) => pattern?.test(name) !== false).map((name) => [name]),
  );
}

function patternOf(r: Reader): RegExp {
  const { text } = r.token;
  r.at += 1;
  return new RegExp(
    `^${text
      .replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
      .replace(/%/g, '.*')
      .replace(/_/g, '.')}$`,
    'i',
  );
}

function named(r: Reader, all: readonly (readonly [string, string])[]): Result {
  const isAsked = r.takes('WHERE');
  if (isAsked) {
    r.name();
    r.needs('=');
  }
  const pattern = isAsked || r.takes('LIKE') ? patternOf(r) : undefined;
  return listing(
    ['Variable_name', 'Value'],
    all.filter(([name]) => pattern?.test(name) !== false).sort(([a], [b]) => byName(a, b)),
  );
}

/** SHOW of PostgreSQL: one parameter. */
function setting({ version }: Session, r: Reader): Result {
  const name = r.name();
  if (r.token.kind !== 'end') r.at = r.tokens.length - 1;
  const known: Readonly<Record<string, string>> = {
    server_version: `${version} (Debian ${version}-1.pgdg120+1)`,
    max_connections: '100',
    shared_buffers: '128MB',
    data_directory: '/var/lib/postgresql/data',
    config_file: '/var/lib/postgresql/data/postgresql.conf',
    hba_file: '/var/lib/postgresql/data/pg_hba.conf',
    port: '5432',
    listen_addresses: '*',
    timezone: 'Etc/UTC',
    server_encoding: 'UTF8',
    search_path: '"$user", public',
    wal_level: 'replica',
    work_mem: '4MB',
  };
  const value = known[name.toLowerCase()];
  if (value === undefined) throw new SqlError(`unrecognized configuration parameter "${name}"`, '42704');
  return { tag: 'SHOW', columns: [{ name: name.toLowerCase(), isNumeric: false }], rows: [[value]] };
}

export function describeTable(session: Session, r: Reader): Result {
  r.at += 1;
  return described(session, tableOf(session, r.qualified()));
}

const described = ({ dialect }: Session, { columns }: Table): Result =>
  listing(
    ['Field', 'Type', 'Null', 'Key', 'Default', 'Extra'],
    columns.map((one) => [
      one.name,
      one.type,
      one.isRequired === true ? 'NO' : 'YES',
      one.key === 'primary' ? 'PRI' : one.key === 'unique' ? 'UNI' : '',
      dialect === 'mysql' ? presetText(one) : (one.preset ?? null),
      extraOf(one),
    ]),
  );

const isMoment = (preset: string): boolean => /^(current_timestamp|now\(\))/i.test(preset);
const presetText = ({ preset }: Column): string | null =>
  preset === undefined || /^null$/i.test(preset)
    ? null
    : isMoment(preset)
      ? 'CURRENT_TIMESTAMP'
      : /^(true|false)$/i.test(preset)
        ? /^t/i.test(preset)
          ? '1'
          : '0'
        : preset.replace(/^'(.*)'$/s, '$1');
const extraOf = ({ counts, preset }: Column): string =>
  counts === true ? 'auto_increment' : preset !== undefined && isMoment(preset) ? 'DEFAULT_GENERATED' : '';

function createText(name: string, { columns, next }: Table): string {
  const lines = columns.map((one) => {
    const preset = presetText(one);
    const text =
      preset === null
        ? one.isRequired === true
          ? ''
          : ' DEFAULT NULL'
        : preset === 'CURRENT_TIMESTAMP'
          ? ' DEFAULT CURRENT_TIMESTAMP'
          : ` DEFAULT '${preset}'`;
    return `  \`${one.name}\` ${one.type}${one.isRequired === true ? ' NOT NULL' : one.type === 'timestamp' ? ' NULL' : ''}${one.counts === true ? ' AUTO_INCREMENT' : text}`;
  });
  const keys = columns.flatMap((one) =>
    one.key === 'primary' ? [`  PRIMARY KEY (\`${one.name}\`)`] : one.key === 'unique' ? [`  UNIQUE KEY \`${one.name}\` (\`${one.name}\`)`] : [],
  );
  const counter = columns.some(({ counts }) => counts) && next > 1 ? ` AUTO_INCREMENT=${next}` : '';
  return `CREATE TABLE \`${name}\` (\n${[...lines, ...keys].join(',\n')}\n) ENGINE=InnoDB${counter} DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_0900_ai_ci`;
}

/** Tables of a server's own; undefined: an ordinary one. */
export function systemTable(
  session: Session,
  { schema, name }: { readonly schema?: string; readonly name: string },
): { readonly names: readonly string[]; readonly types: readonly string[]; readonly rows: readonly (readonly Value[])[] } | undefined {
  const of = (names: readonly string[], rows: readonly (readonly Value[])[]) => ({ names, types: names.map(() => 'text'), rows });
  const { databases, users, owner } = session.data;
  const database = schema ?? (session.dialect === 'mysql' ? session.database : undefined);
  const lower = name.toLowerCase();
  if (database === 'information_schema' && lower === 'tables') {
    const all = session.dialect === 'mysql' ? Object.entries(databases) : [[session.database ?? '', tablesOf(session)] as const];
    return of(
      ['table_catalog', 'table_schema', 'table_name', 'table_type'],
      all.flatMap(([own, tables]) =>
        Object.keys(tables).map((table) => (session.dialect === 'mysql' ? ['def', own, table, 'BASE TABLE'] : [own, 'public', table, 'BASE TABLE'])),
      ),
    );
  }
  if (database === 'information_schema' && lower === 'columns')
    return of(
      ['table_name', 'column_name', 'data_type', 'is_nullable'],
      Object.entries(tablesOf({ ...session, database: session.dialect === 'mysql' ? Object.keys(databases)[0] : session.database })).flatMap(
        ([table, { columns }]) => columns.map((one) => [table, one.name, one.type.replace(/\(.*/, ''), one.isRequired === true ? 'NO' : 'YES']),
      ),
    );
  if (database === 'information_schema' && lower === 'schemata')
    return of(
      ['catalog_name', 'schema_name'],
      [...Object.keys(databases), ...SYSTEM].sort(byName).map((one) => ['def', one]),
    );
  if (session.dialect === 'mysql') {
    if (database !== 'mysql' || lower !== 'user') return undefined;
    const own = ['mysql.infoschema', 'mysql.session', 'mysql.sys'].map((user) => [user, 'localhost']);
    return of(['User', 'Host'], [...Object.keys(users).map((user) => [user, '%']), ...own, ['root', 'localhost']]);
  }
  if (lower === 'pg_database')
    return of(
      ['datname', 'datdba'],
      ['postgres', ...Object.keys(databases).filter((one) => one !== 'postgres'), 'template1', 'template0'].map((one) => [one, '10']),
    );
  if (lower === 'pg_tables')
    return of(
      ['schemaname', 'tablename', 'tableowner'],
      Object.keys(tablesOf(session)).map((one) => ['public', one, owner]),
    );
  if (lower === 'pg_user' || lower === 'pg_shadow')
    return of(
      ['usename', 'usesuper'],
      Object.keys(users).map((one) => [one, one === owner]),
    );
  if (lower === 'pg_roles')
    return of(
      ['rolname', 'rolsuper'],
      Object.keys(users).map((one) => [one, one === owner]),
    );
  if (lower === 'pg_stat_activity') return of(['pid', 'datname', 'usename', 'state', 'query'], [['71', session.database ?? '', session.user, 'active', '']]);
  if (lower === 'pg_stat_replication') return of(['pid', 'state'], []);
  return undefined;
}
