/** Functions of both servers. */
import type { Session } from './engine.js';
import { SqlError, type Value } from './values.js';

const stamp = (now: number): string => new Date(now).toISOString().slice(0, 19).replace('T', ' ');

export function callFunction(session: Session, source: string, name: string, args: readonly Value[], at: number): Value {
  const { dialect, user, from, now, version, hostname } = session;
  const isMysql = dialect === 'mysql';
  const [a = null, b = null] = args;
  switch (name) {
    case 'version':
      return isMysql
        ? version
        : `PostgreSQL ${version} (Debian ${version}-1.pgdg120+1) on x86_64-pc-linux-gnu, compiled by gcc (Debian 12.2.0-14) 12.2.0, 64-bit`;
    case 'variable':
      return variableOf(session, String(a));
    case 'now':
    case 'current_timestamp':
    case 'localtimestamp':
    case 'sysdate':
      return isMysql ? stamp(now) : `${new Date(now).toISOString().slice(0, 23).replace('T', ' ').replace(/0+$/, '').replace(/\.$/, '')}+00`;
    case 'current_date':
    case 'curdate':
      return stamp(now).slice(0, 10);
    case 'current_time':
    case 'curtime':
      return stamp(now).slice(11);
    case 'unix_timestamp':
      return Math.floor(now / 1000);
    case 'database':
    case 'schema':
    case 'current_database':
    case 'current_catalog':
      return session.database ?? null;
    case 'current_schema':
      return 'public';
    case 'user':
    case 'current_user':
    case 'session_user':
    case 'system_user':
    case 'current_role':
      return isMysql ? `${user}@${name === 'current_user' && from !== 'localhost' ? '%' : from}` : user;
    case 'connection_id':
      return 8;
    case 'last_insert_id':
      return 0;
    case 'pg_postmaster_start_time':
      return `${stamp(session.started)}+00`;
    case 'pg_is_in_recovery':
      return false;
    case 'pg_sleep':
    case 'sleep':
      return isMysql ? 0 : '';
    case 'inet_server_addr':
      return null;
    case 'hostname':
      return hostname;
    case 'upper':
    case 'ucase':
      return a === null ? null : String(a).toUpperCase();
    case 'lower':
    case 'lcase':
      return a === null ? null : String(a).toLowerCase();
    case 'length':
    case 'char_length':
    case 'character_length':
      return a === null ? null : String(a).length;
    case 'trim':
      return a === null ? null : String(a).trim();
    case 'reverse':
      return a === null ? null : [...String(a)].reverse().join('');
    case 'left':
      return a === null ? null : String(a).slice(0, Number(b));
    case 'substring':
    case 'substr':
      return a === null ? null : String(a).slice(Number(b) - 1, args[2] === undefined ? undefined : Number(b) - 1 + Number(args[2]));
    case 'replace':
      return a === null ? null : String(a).replaceAll(String(b), String(args[2] ?? ''));
    case 'concat':
      return isMysql && args.includes(null) ? null : args.map((one) => one ?? '').join('');
    case 'concat_ws':
      return args
        .slice(1)
        .filter((one) => one !== null)
        .join(String(a));
    case 'coalesce':
      return args.find((one) => one !== null) ?? null;
    case 'ifnull':
      return a ?? b;
    case 'nullif':
      return a === b ? null : a;
    case 'if':
      return a === null || a === false || a === 0 ? (args[2] ?? null) : b;
    case 'abs':
      return a === null ? null : Math.abs(Number(a));
    case 'round':
      return a === null ? null : b === null ? Math.round(Number(a)) : Number(a).toFixed(Number(b));
    case 'floor':
      return a === null ? null : Math.floor(Number(a));
    case 'ceil':
    case 'ceiling':
      return a === null ? null : Math.ceil(Number(a));
    case 'mod':
      return a === null || b === null ? null : Number(a) % Number(b);
    case 'greatest':
      return args.includes(null) ? null : args.reduce((x, y) => (Number(y) > Number(x) ? y : x));
    case 'least':
      return args.includes(null) ? null : args.reduce((x, y) => (Number(y) < Number(x) ? y : x));
    case 'pg_database_size':
      return 7_500_000;
    case 'pg_size_pretty':
      return `${Math.round(Number(a) / 1024)} kB`;
    case 'cast':
      return cast(a, String(b), session);
    case 'date':
      return a === null ? null : String(a).slice(0, 10);
    case 'default':
      return null;
    default:
      if (isMysql) throw new SqlError(`FUNCTION ${session.database ?? ''}.${name} does not exist`, '1305 (42000)');
      throw new SqlError(
        `function ${name}(${args.map((one) => (typeof one === 'number' ? 'integer' : 'unknown')).join(', ')}) does not exist`,
        '42883',
        'HINT:  No function matches the given name and argument types. You might need to add explicit type casts.',
        at || source.search(new RegExp(name, 'i')),
      );
  }
}

function cast(value: Value, type: string, { dialect }: Session): Value {
  if (value === null) return null;
  if (/^(int|bigint|smallint|signed|unsigned)/i.test(type)) {
    const number = Number(value);
    if (Number.isNaN(number)) {
      if (dialect === 'postgres') throw new SqlError(`invalid input syntax for type integer: "${value}"`);
      return Number.parseInt(String(value), 10) || 0;
    }
    return Math.round(number);
  }
  if (/^(decimal|numeric|float|double|real)/i.test(type)) return Number(value);
  if (/^bool/i.test(type)) return /^(t|true|1|yes|on)$/i.test(String(value));
  return /^date$/i.test(type) ? String(value).slice(0, 10) : String(value);
}

/** System variables that people ask for; what the server was told goes before what it does by itself. */
export function variablesOf(
  { version, hostname }: Pick<Session, 'version' | 'hostname'>,
  told: Readonly<Record<string, string>> = {},
): Readonly<Record<string, string>> {
  const isOld = version.startsWith('5.');
  const { log_bin: log, ...others } = told;
  const characters = told['character_set_server'] ?? (isOld ? 'latin1' : 'utf8mb4');
  return {
    version,
    version_comment: isOld ? 'MySQL Community Server (GPL)' : 'MySQL Community Server - GPL',
    hostname,
    port: '3306',
    datadir: '/var/lib/mysql/',
    max_connections: '151',
    max_allowed_packet: isOld ? '4194304' : '67108864',
    innodb_buffer_pool_size: '134217728',
    character_set_server: characters,
    collation_server: collationOf(characters, isOld),
    server_id: '1',
    read_only: '0',
    super_read_only: '0',
    gtid_mode: 'OFF',
    log_bin: log === '0' || (isOld && log === undefined) ? '0' : '1',
    ...(log === undefined || /^[01]$/.test(log) ? {} : { log_bin_basename: log.startsWith('/') ? log : `/var/lib/mysql/${log}` }),
    autocommit: '1',
    sql_mode: 'ONLY_FULL_GROUP_BY,STRICT_TRANS_TABLES,NO_ZERO_IN_DATE,NO_ZERO_DATE,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION',
    time_zone: 'SYSTEM',
    wait_timeout: '28800',
    ...others,
  };
}

const collationOf = (characters: string, isOld: boolean): string =>
  characters === 'utf8mb4' && !isOld ? 'utf8mb4_0900_ai_ci' : characters === 'latin1' ? 'latin1_swedish_ci' : `${characters}_general_ci`;

/** Variables that are ON or OFF in a list. */
const SWITCHES: ReadonlySet<string> = new Set(
  'autocommit event_scheduler general_log innodb_file_per_table local_infile log_bin log_queries_not_using_indexes log_slave_updates read_only skip_name_resolve skip_networking slow_query_log super_read_only'.split(
    ' ',
  ),
);

/** As SHOW VARIABLES has them. */
export const listedVariables = ({ variables }: Session): readonly (readonly [string, string])[] =>
  Object.entries(variables).map(([name, value]) => [name, SWITCHES.has(name) ? (value === '1' ? 'ON' : value === '0' ? 'OFF' : value) : value]);

function variableOf(session: Session, name: string): Value {
  const value = session.variables[name.toLowerCase()];
  if (value === undefined) throw new SqlError(`Unknown system variable '${name}'`, '1193 (HY000)');
  return /^\d+$/.test(value) ? Number(value) : value;
}
