/** MySQL's replication: whose data a server follows, and what it tells of it. */
import type { Session, SqlData } from './engine.js';
import type { Reader } from './expression.js';
import { SqlError } from './values.js';

/** JSON. Where a replica's data comes from. */
export interface Source {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly file: string;
  readonly position: string;
  readonly retry: string;
  readonly isRunning: boolean;
}

/** How it stands with the source: it answers, it does not, nobody asks it. */
export type Link = 'Yes' | 'Connecting' | 'No';

const NONE: Source = { host: '', port: 3306, user: '', password: '', file: '', position: '4', retry: '60', isRunning: false };

/** CHANGE MASTER TO …, CHANGE REPLICATION SOURCE TO …. */
export function changeSource(session: Session, r: Reader): void {
  r.needs('CHANGE');
  if (!r.takes('MASTER')) {
    r.needs('REPLICATION');
    r.needs('SOURCE');
  }
  r.needs('TO');
  if (session.data.source?.isRunning === true)
    throw new SqlError("This operation cannot be performed with a running slave io thread; run STOP SLAVE IO_THREAD FOR CHANNEL '' first.", '3081 (HY000)');
  const given = new Map(
    r.list(() => {
      const name = r.name().replace(/^(MASTER|SOURCE)_/i, '');
      r.needs('=');
      const { text } = r.token;
      r.at += 1;
      return [name.toUpperCase(), text] as const;
    }),
  );
  const old = session.data.source ?? NONE;
  const of = (name: string, before: string): string => given.get(name) ?? before;
  const source: Source = {
    host: of('HOST', old.host),
    port: Number(of('PORT', String(old.port))),
    user: of('USER', old.user),
    password: of('PASSWORD', old.password),
    file: of('LOG_FILE', old.file),
    position: of('LOG_POS', old.position),
    retry: of('CONNECT_RETRY', old.retry),
    isRunning: false,
  };
  session.data = { ...session.data, source };
}

/** START SLAVE, STOP REPLICA. */
export function runReplica(session: Session, isRunning: boolean): void {
  const { source } = session.data;
  if (source === undefined) throw new SqlError('The server is not configured as slave; fix in config file or with CHANGE MASTER TO', '1200 (HY000)');
  session.data = { ...session.data, source: { ...source, isRunning } };
}

/** How far the log has come: further with everything that is kept. */
const positionOf = ({ databases }: SqlData): string => String(154 + (Object.keys(databases).length === 0 ? 0 : JSON.stringify(databases).length));

/** The log's present file and the place in it; undefined: no log is written. */
export function logOf({ data, hostname, variables }: Session): { readonly file: string; readonly position: string } | undefined {
  if (variables['log_bin'] !== '1') return undefined;
  const base = variables['log_bin_basename']?.replace(/.*\//, '') ?? `${hostname}-bin`;
  return { file: `${base}.000003`, position: positionOf(data) };
}

/** SHOW SLAVE STATUS, SHOW REPLICA STATUS: columns and their values; undefined: it is none. */
export function replicaStatus(session: Session, isNew: boolean): readonly (readonly [string, string | null])[] | undefined {
  const { source } = session.data;
  if (source === undefined) return undefined;
  const io = source.isRunning ? (session.link ?? 'Connecting') : 'No';
  const position = io === 'Yes' ? positionOf(session.data) : source.position;
  const sql = source.isRunning ? 'Yes' : 'No';
  const state = io === 'Yes' ? 'Waiting for master to send event' : io === 'Connecting' ? 'Connecting to master' : '';
  const all: readonly (readonly [string, string | null])[] = [
    ['Slave_IO_State', state],
    ['Master_Host', source.host],
    ['Master_User', source.user],
    ['Master_Port', String(source.port)],
    ['Connect_Retry', source.retry],
    ['Master_Log_File', source.file],
    ['Read_Master_Log_Pos', position],
    ['Relay_Log_File', `${session.hostname}-relay-bin.000002`],
    ['Relay_Log_Pos', '322'],
    ['Relay_Master_Log_File', source.file],
    ['Slave_IO_Running', io],
    ['Slave_SQL_Running', sql],
    ['Replicate_Do_DB', ''],
    ['Replicate_Ignore_DB', ''],
    ['Last_Errno', '0'],
    ['Last_Error', ''],
    ['Exec_Master_Log_Pos', position],
    ['Seconds_Behind_Master', io === 'Yes' ? '0' : null],
    ['Last_IO_Errno', '0'],
    ['Last_IO_Error', ''],
    ['Last_SQL_Errno', '0'],
    ['Last_SQL_Error', ''],
    ['Master_Server_Id', io === 'Yes' ? (session.sourceId ?? '1') : '0'],
    ['Slave_SQL_Running_State', source.isRunning ? 'Slave has read all relay log; waiting for more updates' : ''],
  ];
  return isNew ? all.map(([name, value]) => [newName(name), value === null ? null : newWords(value)]) : all;
}

const newName = (name: string): string => name.replace('Slave', 'Replica').replace('Master', 'Source');
const newWords = (text: string): string => text.replace('Slave has', 'Replica has').replace(/ to master| master/, (word) => word.replace('master', 'source'));
