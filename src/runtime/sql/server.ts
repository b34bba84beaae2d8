/** A SQL server as a process: who may come in, what it answers, and where it keeps its data. */
import { FileError, type ProcessHost } from '../process.js';
import { execute, type Result, type Session, type SqlData, SYSTEM } from './engine.js';
import type { Dialect } from './tokens.js';
import { SqlError } from './values.js';

/** JSON. */
export interface SqlState {
  readonly data: SqlData;
  readonly started: number;
  /** It was made with the container, not found on a volume. */
  readonly isNew: boolean;
}

/** What a client sends, and what comes back: podsim's clients and servers have a protocol of their own. JSON. */
export interface SqlRequest {
  readonly user: string;
  readonly password?: string;
  readonly database?: string;
  /** Through the socket, or from the same machine. */
  readonly isLocal: boolean;
  /** Absent: only to come in. */
  readonly statement?: string;
}
export interface SqlAnswer {
  readonly result?: Result;
  readonly error?: { readonly message: string; readonly code: string; readonly detail?: string; readonly at?: number };
  /** It did not let the client in. */
  readonly isRefused?: true;
  readonly version: string;
}

const FILES: Readonly<Record<Dialect, string>> = { mysql: '/var/lib/mysql/ibdata1', postgres: 'base/1/1259' };
const MAGIC = 'podsim sql 1\n';

const fileOf = (dialect: Dialect, env: Readonly<Record<string, string>>): string =>
  dialect === 'mysql' ? FILES.mysql : `${env['PGDATA'] ?? '/var/lib/postgresql/data'}/${FILES.postgres}`;

/** What was kept; undefined: nothing yet. */
export function keptData({ files }: ProcessHost, dialect: Dialect, env: Readonly<Record<string, string>>): SqlData | undefined {
  try {
    const text = files.read(fileOf(dialect, env));
    return text.startsWith(MAGIC) ? (JSON.parse(text.slice(MAGIC.length)) as SqlData) : undefined;
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    return undefined;
  }
}

function keep({ files, now }: ProcessHost, data: SqlData, path: string): void {
  try {
    for (let at = path.indexOf('/', 1); at > 0; at = path.indexOf('/', at + 1))
      if (files.stat(path.slice(0, at)) === undefined) files.makeDirectory(path.slice(0, at), 0o700);
    files.write(path, `${MAGIC}${JSON.stringify(data)}`, { at: now, mode: 0o640 });
  } catch (error) {
    // Where it may not write nothing is kept.
    if (!(error instanceof FileError)) throw error;
  }
}

/** A variable, or the content of the file that the one with `_FILE` names (docker-entrypoint.sh). */
function given({ files }: ProcessHost, env: Readonly<Record<string, string>>, names: readonly string[]): string | undefined {
  for (const name of names) {
    if ((env[name] ?? '') !== '') return env[name];
    const file = env[`${name}_FILE`];
    if (file !== undefined && files.stat(file) !== undefined) return files.read(file).replace(/\n$/, '');
  }
  return undefined;
}

/** Users and databases of the first start come from its environment; later only from what it kept. */
export function startSql(host: ProcessHost, dialect: Dialect, env: Readonly<Record<string, string>>): SqlState {
  const kept = keptData(host, dialect, env);
  if (kept !== undefined) return { data: kept, started: host.now, isNew: false };
  const of = (name: string): string | undefined => given(host, env, dialect === 'postgres' ? [`POSTGRES_${name}`] : [`MARIADB_${name}`, `MYSQL_${name}`]);
  const owner = dialect === 'postgres' ? (of('USER') ?? 'postgres') : 'root';
  const user = dialect === 'mysql' ? of('USER') : undefined;
  const database = dialect === 'postgres' ? (of('DB') ?? owner) : of('DATABASE');
  const data: SqlData = {
    dialect,
    owner,
    users: { [owner]: of(dialect === 'postgres' ? 'PASSWORD' : 'ROOT_PASSWORD') ?? '', ...(user === undefined ? {} : { [user]: of('PASSWORD') ?? '' }) },
    databases: { ...(dialect === 'postgres' ? { postgres: {} } : {}), ...(database === undefined ? {} : { [database]: {} }) },
  };
  keep(host, data, fileOf(dialect, env));
  return { data, started: host.now, isNew: true };
}

/** Why somebody is not let in; undefined: they are. */
function refusal(data: SqlData, { user, password, database, isLocal }: SqlRequest, from: string): SqlError | undefined {
  const right = data.users[user];
  if (data.dialect === 'mysql') {
    const where = isLocal ? 'localhost' : from;
    if (right === undefined || right !== (password ?? ''))
      return new SqlError(
        `Access denied for user '${user}'@'${where}' (using password: ${password === undefined || password === '' ? 'NO' : 'YES'})`,
        '1045 (28000)',
      );
    if (database !== undefined && data.databases[database] === undefined && !SYSTEM.has(database))
      return new SqlError(`Unknown database '${database}'`, '1049 (42000)');
    return undefined;
  }
  // pg_hba.conf of the image: whoever is here is trusted.
  if (!isLocal && password === undefined) return new SqlError('fe_sendauth: no password supplied', 'password');
  if (!isLocal && right !== password) return new SqlError(`FATAL:  password authentication failed for user "${user}"`, '28P01');
  if (right === undefined) return new SqlError(`FATAL:  role "${user}" does not exist`, '28000');
  if (database !== undefined && data.databases[database] === undefined && !/^template[01]$/.test(database))
    return new SqlError(`FATAL:  database "${database}" does not exist`, '3D000');
  return undefined;
}

/** What it answers, and what it keeps then: the same object if nothing has changed. */
export function serveSql(
  state: SqlState,
  text: string,
  from: string,
  host: ProcessHost,
  env: Readonly<Record<string, string>>,
): { readonly body: string; readonly state: SqlState } {
  const request = JSON.parse(text) as SqlRequest;
  const { dialect } = state.data;
  const version = host.version ?? host.tag;
  const answered = (answer: Omit<SqlAnswer, 'version'>, data = state.data): { readonly body: string; readonly state: SqlState } => ({
    body: JSON.stringify({ ...answer, version }),
    state: data === state.data ? state : { ...state, data },
  });
  const failed = (error: SqlError): NonNullable<SqlAnswer['error']> => ({
    message: error.message,
    code: error.code,
    ...(error.detail === undefined ? {} : { detail: error.detail }),
    ...(error.at === undefined ? {} : { at: error.at }),
  });
  const refused = refusal(state.data, request, from);
  if (refused !== undefined) return answered({ error: failed(refused), isRefused: true });
  if (request.statement === undefined) return answered({});
  const session: Session = {
    dialect,
    user: request.user,
    from: request.isLocal ? 'localhost' : from,
    version,
    hostname: host.hostname,
    now: host.now,
    started: state.started,
    database: request.database,
    data: state.data,
  };
  try {
    const result = execute(session, request.statement);
    if (session.data !== state.data) keep(host, session.data, fileOf(dialect, env));
    return answered({ result }, session.data);
  } catch (error) {
    if (!(error instanceof SqlError)) throw error;
    return answered({ error: failed(error) }, session.data);
  }
}
