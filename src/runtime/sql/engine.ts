/** What statements do: databases of tables of rows, kept as JSON. */
import type { Time } from '../../api/time.js';
import { Reader } from './expression.js';
import { changeSource, type Link, runReplica, type Source } from './replication.js';
import { select } from './select.js';
import { describeTable, show } from './show.js';
import { alterTable, createTable, deleteRows, insertRows, truncate, updateRows } from './tables.js';
import type { Dialect } from './tokens.js';
import { type Column, SqlError, type Value } from './values.js';

export interface Table {
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly Value[])[];
  /** The next number of its counting column. */
  readonly next: number;
}

/** By name; MySQL's own schemas are not kept. */
export type Databases = Readonly<Record<string, Readonly<Record<string, Table>>>>;

export interface SqlData {
  readonly dialect: Dialect;
  readonly databases: Databases;
  /** Passwords by user. */
  readonly users: Readonly<Record<string, string>>;
  /** Whose the server's databases are. */
  readonly owner: string;
  /** Of a replica of MySQL. */
  readonly source?: Source;
  /** As they were when a transaction began. */
  readonly before?: Databases;
}

export interface Session {
  readonly dialect: Dialect;
  readonly user: string;
  /** Where they come from: `localhost`, an address. */
  readonly from: string;
  readonly version: string;
  readonly hostname: string;
  readonly now: Time;
  readonly started: number;
  /** MySQL's system variables. */
  readonly variables: Readonly<Record<string, string>>;
  /** Of a replica: whether its source answers, and who that is. */
  readonly link?: Link;
  readonly sourceId?: string;
  database: string | undefined;
  data: SqlData;
}

export interface Result {
  /** PostgreSQL's command tag, or MySQL's affected rows. */
  readonly tag: string;
  readonly affected?: number;
  readonly columns?: readonly { readonly name: string; readonly isNumeric: boolean }[];
  readonly rows?: readonly (readonly (string | null)[])[];
  /** Where the session is now; empty: nowhere. */
  readonly database?: string;
  readonly notice?: string;
}

const done = (tag: string, affected = 0): Result => ({ tag, affected });

/** The tables of the session's database. */
export function tablesOf(session: Session): Readonly<Record<string, Table>> {
  if (session.database === undefined) throw new SqlError('No database selected', '1046 (3D000)');
  return session.data.databases[session.database] ?? {};
}

export function tableOf(session: Session, { schema, name, at }: { readonly schema?: string; readonly name: string; readonly at: number }): Table {
  const isOther = session.dialect === 'mysql' && schema !== undefined;
  const tables = isOther ? (session.data.databases[schema] ?? {}) : tablesOf(session);
  const table = Object.hasOwn(tables, name) ? tables[name] : undefined;
  if (table !== undefined) return table;
  if (session.dialect === 'postgres')
    throw new SqlError(`relation "${schema === undefined ? '' : `${schema}.`}${name}" does not exist`, '42P01', undefined, at);
  throw new SqlError(`Table '${schema ?? session.database}.${name}' doesn't exist`, '1146 (42S02)');
}

/** Puts a table in its place, or takes it away. */
export function putTable(session: Session, { schema, name }: { readonly schema?: string; readonly name: string }, table: Table | undefined): void {
  const database = session.dialect === 'mysql' ? (schema ?? session.database) : session.database;
  if (database === undefined) throw new SqlError('No database selected', '1046 (3D000)');
  const { [name]: _, ...others } = session.data.databases[database] ?? {};
  const tables = table === undefined ? others : { ...session.data.databases[database], [name]: table };
  session.data = { ...session.data, databases: { ...session.data.databases, [database]: tables } };
}

/** Runs one statement; throws a {@link SqlError}. */
export function execute(session: Session, source: string): Result {
  const r = new Reader(source, session.dialect);
  if (r.isOver) return done('');
  const word = r.token.kind === 'word' || r.is('(') ? r.token.text.toUpperCase() : '';
  const statement = Object.hasOwn(STATEMENTS, word) ? STATEMENTS[word] : undefined;
  if (statement === undefined) throw r.wrong();
  const result = statement(session, r);
  if (!r.isOver) throw r.wrong();
  return result;
}

type Statement = (session: Session, r: Reader) => Result;

/** Statements about what podsim does not keep: they succeed. */
const accepted =
  (tag: string): Statement =>
  (_, r) => {
    r.at = r.tokens.length - 1;
    return done(tag);
  };

const STATEMENTS: Readonly<Record<string, Statement>> = {
  SELECT: select,
  '(': select,
  VALUES: select,
  CREATE: create,
  DROP: drop,
  INSERT: insertRows,
  REPLACE: insertRows,
  UPDATE: updateRows,
  DELETE: deleteRows,
  TRUNCATE: truncate,
  ALTER: alter,
  USE: use,
  SHOW: show,
  DESCRIBE: describeTable,
  DESC: describeTable,
  BEGIN: begin,
  START: start,
  STOP: stop,
  CHANGE: change,
  COMMIT: end,
  END: end,
  ROLLBACK: end,
  GRANT: accepted('GRANT'),
  REVOKE: accepted('REVOKE'),
  FLUSH: accepted('FLUSH'),
  RESET: reset,
  SET: accepted('SET'),
  ANALYZE: accepted('ANALYZE'),
  VACUUM: accepted('VACUUM'),
  CHECKPOINT: accepted('CHECKPOINT'),
  LOCK: accepted('LOCK TABLE'),
  UNLOCK: accepted('UNLOCK'),
  COMMENT: accepted('COMMENT'),
};

function create(session: Session, r: Reader): Result {
  r.needs('CREATE');
  const { dialect } = session;
  if (r.takes('OR')) r.needs('REPLACE');
  if (r.takes('DATABASE') || r.takes('SCHEMA')) {
    const isOptional = r.takes('IF', 'NOT', 'EXISTS');
    const name = r.name();
    r.at = r.tokens.length - 1;
    if (dialect === 'postgres' && /^create\s+schema/i.test(r.source)) return done('CREATE SCHEMA');
    if (session.data.databases[name] !== undefined) {
      if (isOptional) return done('CREATE DATABASE', 1);
      throw dialect === 'mysql'
        ? new SqlError(`Can't create database '${name}'; database exists`, '1007 (HY000)')
        : new SqlError(`database "${name}" already exists`, '42P04');
    }
    session.data = { ...session.data, databases: { ...session.data.databases, [name]: {} } };
    return done('CREATE DATABASE', 1);
  }
  if (r.is('TABLE') || r.is('TEMPORARY') || r.is('TEMP')) return createTable(session, r);
  if (r.takes('USER') || r.takes('ROLE')) {
    const isOptional = r.takes('IF', 'NOT', 'EXISTS');
    const name = r.token.kind === 'text' ? r.token.text : r.name();
    const password = r.tokens.slice(r.at).findLast(({ kind }) => kind === 'text')?.text ?? '';
    r.at = r.tokens.length - 1;
    if (session.data.users[name] !== undefined && !isOptional)
      throw dialect === 'mysql'
        ? new SqlError(`Operation CREATE USER failed for '${name}'@'%'`, '1396 (HY000)')
        : new SqlError(`role "${name}" already exists`, '42710');
    session.data = { ...session.data, users: { ...session.data.users, [name]: session.data.users[name] ?? password } };
    return done('CREATE ROLE');
  }
  if (r.takes('UNIQUE') || r.is('INDEX')) return accepted('CREATE INDEX')(session, r);
  if (r.is('EXTENSION')) return accepted('CREATE EXTENSION')(session, r);
  throw r.wrong();
}

function drop(session: Session, r: Reader): Result {
  r.needs('DROP');
  const { dialect } = session;
  if (r.takes('DATABASE') || r.takes('SCHEMA')) {
    const isOptional = r.takes('IF', 'EXISTS');
    const name = r.name();
    const { [name]: gone, ...databases } = session.data.databases;
    if (gone === undefined) {
      if (isOptional) return { ...done('DROP DATABASE'), notice: `database "${name}" does not exist, skipping` };
      throw dialect === 'mysql'
        ? new SqlError(`Can't drop database '${name}'; database doesn't exist`, '1008 (HY000)')
        : new SqlError(`database "${name}" does not exist`, '3D000');
    }
    if (dialect === 'postgres' && session.database === name) throw new SqlError('cannot drop the currently open database', '55006');
    session.data = { ...session.data, databases };
    return { ...done('DROP DATABASE', Object.keys(gone).length), ...(session.database === name ? { database: '' } : {}) };
  }
  if (r.takes('TABLE')) {
    const isOptional = r.takes('IF', 'EXISTS');
    let notice: string | undefined;
    for (const name of r.list(() => r.qualified())) {
      const isThere = Object.hasOwn(tablesOf(session), name.name) || name.schema !== undefined;
      if (!isThere && isOptional) notice = `table "${name.name}" does not exist, skipping`;
      else if (!isThere)
        throw dialect === 'mysql'
          ? new SqlError(`Unknown table '${session.database}.${name.name}'`, '1051 (42S02)')
          : new SqlError(`table "${name.name}" does not exist`, '42P01');
      else putTable(session, name, undefined);
    }
    if (!r.takes('CASCADE')) r.takes('RESTRICT');
    return { ...done('DROP TABLE'), ...(notice === undefined ? {} : { notice }) };
  }
  if (r.takes('USER') || r.takes('ROLE')) {
    r.takes('IF', 'EXISTS');
    const name = r.token.kind === 'text' ? r.token.text : r.name();
    r.at = r.tokens.length - 1;
    const { [name]: _, ...users } = session.data.users;
    session.data = { ...session.data, users };
    return done('DROP ROLE');
  }
  if (r.is('INDEX')) return accepted('DROP INDEX')(session, r);
  throw r.wrong();
}

function alter(session: Session, r: Reader): Result {
  r.needs('ALTER');
  if (r.is('TABLE')) return alterTable(session, r);
  if (!r.takes('USER') && !r.takes('ROLE')) return accepted('ALTER DATABASE')(session, r);
  const name = r.token.kind === 'text' ? r.token.text : r.name();
  const password = r.tokens.slice(r.at).findLast(({ kind }) => kind === 'text')?.text;
  r.at = r.tokens.length - 1;
  if (password !== undefined) session.data = { ...session.data, users: { ...session.data.users, [name]: password } };
  return done('ALTER ROLE');
}

function use(session: Session, r: Reader): Result {
  r.needs('USE');
  const name = r.name();
  if (session.data.databases[name] === undefined && !SYSTEM.has(name)) throw new SqlError(`Unknown database '${name}'`, '1049 (42000)');
  session.database = name;
  return { ...done('USE'), database: name };
}

/** Schemas that MySQL has of its own. */
export const SYSTEM: ReadonlySet<string> = new Set(['information_schema', 'mysql', 'performance_schema', 'sys']);

const isReplica = (r: Reader): boolean => r.dialect === 'mysql' && (r.takes('SLAVE') || r.takes('REPLICA'));

function start(session: Session, r: Reader): Result {
  r.needs('START');
  return isReplica(r) ? replica(session, r, true) : begin(session, r);
}

function stop(session: Session, r: Reader): Result {
  r.needs('STOP');
  if (!isReplica(r)) throw r.wrong();
  return replica(session, r, false);
}

function replica(session: Session, r: Reader, isRunning: boolean): Result {
  r.at = r.tokens.length - 1;
  runReplica(session, isRunning);
  return done(isRunning ? 'START REPLICA' : 'STOP REPLICA');
}

function change(session: Session, r: Reader): Result {
  if (r.dialect !== 'mysql') throw r.wrong();
  changeSource(session, r);
  return done('CHANGE REPLICATION SOURCE');
}

function reset(session: Session, r: Reader): Result {
  r.needs('RESET');
  if (isReplica(r)) {
    const { source, ...data } = session.data;
    if (r.takes('ALL') && source !== undefined) session.data = data;
  }
  return accepted('RESET')(session, r);
}

function begin(session: Session, r: Reader): Result {
  r.at = r.tokens.length - 1;
  session.data = { ...session.data, before: session.data.before ?? session.data.databases };
  return done('BEGIN');
}

function end(session: Session, r: Reader): Result {
  const isUndone = r.is('ROLLBACK');
  r.at = r.tokens.length - 1;
  const { before, ...data } = session.data;
  session.data = isUndone && before !== undefined ? { ...data, databases: before } : data;
  return done(isUndone ? 'ROLLBACK' : 'COMMIT');
}
