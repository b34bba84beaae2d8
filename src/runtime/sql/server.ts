/** A SQL server as a process: who may come in, what it answers, and where it keeps its data. */
import { FileError, type ProcessHost, type ProcessSpec } from '../process.js';
import { type Databases, execute, type Result, type Session, type SqlData, SYSTEM } from './engine.js';
import { variablesOf } from './functions.js';
import { optionsOf } from './options.js';
import type { Link } from './replication.js';
import type { Dialect } from './tokens.js';
import { SqlError } from './values.js';

/** JSON. */
export interface SqlState {
  readonly data: SqlData;
  readonly started: number;
  /** It was made with the container, not found on a volume. */
  readonly isNew: boolean;
  /** What its files and arguments tell it, by the names of its variables. */
  readonly told?: Readonly<Record<string, string>>;
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
  /** A replica wants the data. */
  readonly isReplica?: true;
}
export interface SqlAnswer {
  readonly result?: Result;
  readonly error?: { readonly message: string; readonly code: string; readonly detail?: string; readonly at?: number };
  /** It did not let the client in. */
  readonly isRefused?: true;
  /** What a replica gets. */
  readonly databases?: Databases;
  readonly serverId?: string;
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

/** A server's kept data for another one to begin with: whom it follows is not part of it. */
export function copyOfKept(text: string): string {
  if (!text.startsWith(MAGIC)) return text;
  const { source, ...data } = JSON.parse(text.slice(MAGIC.length)) as SqlData;
  return `${MAGIC}${JSON.stringify(data)}`;
}

function keep({ files, now }: ProcessHost, data: SqlData, path: string, before?: SqlData): void {
  try {
    for (let at = path.indexOf('/', 1); at > 0; at = path.indexOf('/', at + 1))
      if (files.stat(path.slice(0, at)) === undefined) files.makeDirectory(path.slice(0, at), 0o700);
    files.write(path, `${MAGIC}${JSON.stringify(data)}`, { at: now, mode: 0o640 });
    if (data.dialect === 'postgres') return;
    // MySQL has a directory for each database.
    const directory = path.slice(0, path.lastIndexOf('/'));
    for (const name of ['mysql', 'performance_schema', 'sys', ...Object.keys(data.databases)])
      if (files.stat(`${directory}/${name}`) === undefined) files.makeDirectory(`${directory}/${name}`, 0o750);
    for (const name of Object.keys(before?.databases ?? {}))
      if (data.databases[name] === undefined && files.stat(`${directory}/${name}`) !== undefined) files.remove(`${directory}/${name}`);
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
export function startSql(host: ProcessHost, dialect: Dialect, { env, argv }: Pick<ProcessSpec, 'env' | 'argv'>): SqlState {
  const options = dialect === 'mysql' ? optionsOf(host, argv) : {};
  const told = Object.keys(options).length === 0 ? {} : { told: options };
  const kept = keptData(host, dialect, env);
  if (kept !== undefined) return { data: kept, started: host.now, isNew: false, ...told };
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
  return { data, started: host.now, isNew: true, ...told };
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

/** A replica has what its source has; undefined: it is none, or does not run. */
function followed(
  { source, databases }: SqlData,
  { network }: ProcessHost,
): { readonly link: Link; readonly databases: Databases; readonly id?: string } | undefined {
  if (source === undefined || !source.isRunning) return undefined;
  const { user, password, host, port } = source;
  const reply = network.tcp(host, port, JSON.stringify({ user, password, isLocal: false, isReplica: true } satisfies SqlRequest));
  const answer = 'failure' in reply || !reply.body.startsWith('{') ? undefined : (JSON.parse(reply.body) as SqlAnswer);
  if (answer?.databases === undefined) return { link: answer === undefined ? 'Connecting' : 'No', databases };
  return { link: 'Yes', databases: answer.databases, ...(answer.serverId === undefined ? {} : { id: answer.serverId }) };
}

/** Why nothing may be changed; undefined: it may. */
function locked(variables: Readonly<Record<string, string>>, user: string, owner: string): SqlError | undefined {
  const option = variables['super_read_only'] === '1' ? 'super-read-only' : variables['read_only'] === '1' && user !== owner ? 'read-only' : undefined;
  return option === undefined
    ? undefined
    : new SqlError(`The MySQL server is running with the --${option} option so it cannot execute this statement`, '1290 (HY000)');
}

const isChanged = (a: SqlData, b: SqlData): boolean => a.databases !== b.databases || a.users !== b.users;

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
  const variables = variablesOf({ version, hostname: host.hostname }, state.told);
  if (request.isReplica === true)
    return answered(variables['log_bin'] === '1' ? { databases: state.data.databases, serverId: variables['server_id'] as string } : {});
  const following = followed(state.data, host);
  const isBehind = following !== undefined && JSON.stringify(following.databases) !== JSON.stringify(state.data.databases);
  const data = isBehind ? { ...state.data, databases: following.databases } : state.data;
  if (isBehind) keep(host, data, fileOf(dialect, env), state.data);
  if (request.statement === undefined) return answered({}, data);
  const session: Session = {
    dialect,
    user: request.user,
    from: request.isLocal ? 'localhost' : from,
    version,
    hostname: host.hostname,
    now: host.now,
    started: state.started,
    variables,
    ...(following === undefined ? {} : { link: following.link, ...(following.id === undefined ? {} : { sourceId: following.id }) }),
    database: request.database,
    data,
  };
  try {
    const result = execute(session, request.statement);
    const lock = dialect === 'mysql' && isChanged(session.data, data) ? locked(variables, request.user, data.owner) : undefined;
    if (lock !== undefined) return answered({ error: failed(lock) }, data);
    if (session.data !== data) keep(host, session.data, fileOf(dialect, env), data);
    return answered({ result }, session.data);
  } catch (error) {
    if (!(error instanceof SqlError)) throw error;
    return answered({ error: failed(error) }, session.data);
  }
}
