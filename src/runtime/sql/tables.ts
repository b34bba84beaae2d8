/** Statements that make tables and change their rows. */
import { putTable, type Result, type Session, type Table, tableOf, tablesOf } from './engine.js';
import { type Expression, evaluate, parseExpression, Reader, type Scope } from './expression.js';
import { callFunction } from './functions.js';
import { select } from './select.js';
import { type Column, compare, isTrue, SqlError, shown, stored, typeName, type Value } from './values.js';

type Name = ReturnType<Reader['qualified']>;

export function createTable(session: Session, r: Reader): Result {
  const { dialect } = session;
  if (!r.takes('TEMPORARY')) r.takes('TEMP');
  r.needs('TABLE');
  const isOptional = r.takes('IF', 'NOT', 'EXISTS');
  const name = r.qualified();
  const isThere = Object.hasOwn(
    name.schema === undefined || dialect === 'postgres' ? tablesOf(session) : (session.data.databases[name.schema] ?? {}),
    name.name,
  );
  if (isThere && !isOptional)
    throw dialect === 'mysql'
      ? new SqlError(`Table '${name.name}' already exists`, '1050 (42S01)')
      : new SqlError(`relation "${name.name}" already exists`, '42P07');
  let columns: Column[] = [];
  r.needs('(');
  do {
    if (r.takes('CONSTRAINT')) r.name();
    const kind = r.takes('PRIMARY', 'KEY') ? 'primary' : r.takes('UNIQUE') ? 'unique' : undefined;
    if (kind !== undefined) {
      if (!r.takes('KEY')) r.takes('INDEX');
      if (!r.is('(')) r.name();
      r.needs('(');
      const keys = r.list(() => r.name());
      r.needs(')');
      // Of several columns together nothing is kept but that they are required.
      columns = columns.map((one) =>
        !keys.includes(one.name) ? one : keys.length > 1 ? (kind === 'primary' ? { ...one, isRequired: true } : one) : keyed(one, kind),
      );
    } else if (/^(FOREIGN|KEY|INDEX|CHECK|FULLTEXT)$/i.test(r.token.text) && r.token.kind === 'word') skip(r);
    else columns.push(columnOf(session, r));
  } while (r.takes(','));
  r.needs(')');
  r.at = r.tokens.length - 1;
  if (!isThere) putTable(session, name, { columns, rows: [], next: 1 });
  return { tag: 'CREATE TABLE', affected: 0, ...(isThere ? { notice: `relation "${name.name}" already exists, skipping` } : {}) };
}

const keyed = (column: Column, key: 'primary' | 'unique'): Column => ({ ...column, key, ...(key === 'primary' ? { isRequired: true } : {}) });

/** To the end of an item of a list. */
function skip(r: Reader): void {
  for (let open = 0; r.token.kind !== 'end'; r.at += 1) {
    if (r.is('(')) open += 1;
    else if (r.is(')') && open-- === 0) return;
    else if (r.is(',') && open === 0) return;
  }
}

function columnOf(session: Session, r: Reader): Column {
  const { dialect, version } = session;
  const name = r.name();
  let word = r.name();
  if (/^double$/i.test(word) && r.takes('PRECISION')) word = 'double precision';
  if (/^character$/i.test(word) && r.takes('VARYING')) word = 'varchar';
  let size = '';
  if (r.is('(')) {
    const from = r.at;
    while (!r.takes(')')) r.at += 1;
    size = r.text(from).replace(/\s/g, '');
  }
  if (r.takes('WITH', 'TIME', 'ZONE')) word = 'timestamptz';
  else r.takes('WITHOUT', 'TIME', 'ZONE');
  let column: Column = { name, type: typeName(dialect, word, size, version.startsWith('5.')) };
  if (dialect === 'postgres' && /serial$/i.test(word)) column = { ...column, counts: true, isRequired: true };
  for (;;) {
    if (r.takes('UNSIGNED')) column = { ...column, type: `${column.type} unsigned` };
    else if (r.takes('NOT', 'NULL')) column = { ...column, isRequired: true };
    else if (r.takes('NULL')) continue;
    else if (r.takes('AUTO_INCREMENT')) column = { ...column, counts: true };
    else if (r.takes('PRIMARY', 'KEY')) column = keyed(column, 'primary');
    else if (r.takes('UNIQUE')) {
      r.takes('KEY');
      column = keyed(column, 'unique');
    } else if (r.takes('GENERATED')) {
      while (!r.takes('IDENTITY')) r.at += 1;
      column = { ...column, counts: true, isRequired: true };
    } else if (r.takes('DEFAULT')) {
      const from = r.at;
      parseExpression(r, 4);
      column = { ...column, preset: r.text(from) };
    } else if (r.takes('ON', 'UPDATE')) parseExpression(r, 4);
    else if (r.takes('COMMENT') || r.takes('COLLATE')) r.at += 1;
    else if (r.takes('CHARACTER', 'SET')) r.at += 1;
    else if (r.is('REFERENCES') || r.is('CHECK')) {
      skip(r);
      return column;
    } else return column;
  }
}

const scopeOf = (session: Session, source: string, columns: readonly Column[], row: readonly Value[]): Scope => ({
  dialect: session.dialect,
  column: (x) => row[indexOf(session, columns, x.name, x.at)] ?? null,
  call: (name, args, at) => callFunction(session, source, name, args, at),
});

function indexOf({ dialect }: Session, columns: readonly Column[], name: string, at?: number, table?: string): number {
  const found = columns.findIndex((one) => one.name.toLowerCase() === name.toLowerCase());
  if (found >= 0) return found;
  if (dialect === 'mysql') throw new SqlError(`Unknown column '${name}' in '${table === undefined ? 'where clause' : 'field list'}'`, '1054 (42S22)');
  throw new SqlError(
    table === undefined ? `column "${name}" does not exist` : `column "${name}" of relation "${table}" does not exist`,
    '42703',
    undefined,
    at,
  );
}

/** A row as it may stand in its table; throws what speaks against it. */
function checked(session: Session, { name }: Name, table: Table, row: readonly Value[], number: number, self?: readonly Value[]): readonly Value[] {
  const { dialect } = session;
  const out = row.map((value, i) => stored(dialect, table.columns[i] as Column, value, number));
  for (const [i, column] of table.columns.entries()) {
    const value = out[i] as Value;
    if (value === null && column.isRequired === true) {
      if (dialect === 'mysql') throw new SqlError(`Column '${column.name}' cannot be null`, '1048 (23000)');
      const failing = out.map((one) => shown(dialect, one) ?? 'null').join(', ');
      throw new SqlError(
        `null value in column "${column.name}" of relation "${name}" violates not-null constraint`,
        '23502',
        `DETAIL:  Failing row contains (${failing}).`,
      );
    }
    if (column.key === undefined || value === null || !table.rows.some((other) => other !== self && compare(dialect, other[i] as Value, value) === 0)) continue;
    const index =
      column.key === 'primary' ? (dialect === 'mysql' ? 'PRIMARY' : `${name}_pkey`) : dialect === 'mysql' ? column.name : `${name}_${column.name}_key`;
    if (dialect === 'mysql')
      throw new SqlError(`Duplicate entry '${value}' for key '${session.version.startsWith('5.') ? '' : `${name}.`}${index}'`, '1062 (23000)');
    throw new SqlError(`duplicate key value violates unique constraint "${index}"`, '23505', `DETAIL:  Key (${column.name})=(${value}) already exists.`);
  }
  return out;
}

export function insertRows(session: Session, r: Reader): Result {
  const { dialect } = session;
  const replaces = r.takes('REPLACE');
  if (!replaces) r.needs('INSERT');
  const ignores = r.takes('IGNORE');
  r.takes('INTO');
  const name = r.qualified();
  let table = tableOf(session, name);
  let targets = table.columns.map((_, i) => i);
  if (r.is('(') && !/^SELECT$/i.test(r.tokens[r.at + 1]?.text ?? '')) {
    r.needs('(');
    targets = r.list(() => {
      const { at } = r.token;
      return indexOf(session, table.columns, r.name(), at, name.name);
    });
    r.needs(')');
  }
  const given: (readonly Expression[])[] = [];
  if (r.takes('VALUES') || r.takes('VALUE')) {
    given.push(
      ...r.list(() => {
        r.needs('(');
        const row = r.list(() => (r.takes('DEFAULT') ? ({ k: 'call', name: 'default', args: [], distinct: false, at: 0 } as const) : parseExpression(r)));
        r.needs(')');
        return row;
      }),
    );
  } else if (r.takes('DEFAULT', 'VALUES')) given.push([]);
  else given.push(...(select(session, r).rows ?? []).map((row) => row.map((value) => ({ k: 'value', value }) as const)));
  const isTolerant = r.takes('ON', 'CONFLICT') || ignores;
  const updates = r.takes('ON', 'DUPLICATE');
  if (isTolerant || updates) while (r.token.kind !== 'end' && !r.is('RETURNING')) r.at += 1;
  const added: (readonly Value[])[] = [];
  const original = session.data;
  try {
    for (const [n, row] of given.entries()) {
      if (row.length !== targets.length && !(row.length === 0 && given.length === 1 && dialect === 'postgres')) {
        if (dialect === 'mysql') throw new SqlError(`Column count doesn't match value count at row ${n + 1}`, '1136 (21S01)');
        if (row.length > targets.length) throw new SqlError('INSERT has more expressions than target columns');
        if (targets.length < table.columns.length || row.length === 0) throw new SqlError('INSERT has more target columns than expressions');
      }
      const values: Value[] = [];
      let { next } = table;
      for (const [i, column] of table.columns.entries()) {
        const at = targets.indexOf(i);
        const x = at < 0 ? undefined : row[at];
        const isPreset = x === undefined || (x.k === 'call' && x.name === 'default');
        const scope = scopeOf(session, r.source, table.columns, []);
        let value = isPreset ? presetOf(session, column) : evaluate(x, dialect === 'mysql' ? scope : { ...scope, column: (c) => noColumn(c.name, c.at) });
        if (column.counts === true && (isPreset || (value === null && dialect === 'mysql') || (value === 0 && dialect === 'mysql'))) value = next++;
        else if (column.counts === true && dialect === 'mysql') next = Math.max(next, Number(value) + 1);
        else if (isPreset && value === null && column.isRequired === true && dialect === 'mysql')
          throw new SqlError(`Field '${column.name}' doesn't have a default value`, '1364 (HY000)');
        values.push(value);
      }
      table = { ...table, next };
      try {
        const kept = checked(session, name, table, values, n + 1);
        table = { ...table, rows: [...table.rows, kept] };
        added.push(kept);
      } catch (error) {
        if (!isTolerant || !(error instanceof SqlError)) throw error;
      }
    }
  } catch (error) {
    // A number that was drawn stays drawn.
    if (dialect === 'postgres' && error instanceof SqlError) putTable({ ...session, data: original }, name, { ...tableOf(session, name), next: table.next });
    throw error;
  }
  putTable(session, name, table);
  return returning(session, r, table, added, `INSERT 0 ${added.length}`);
}

function noColumn(name: string, at: number): never {
  throw new SqlError(`column "${name}" does not exist`, '42703', undefined, at);
}

function presetOf(session: Session, { preset }: Column): Value {
  if (preset === undefined || /^null$/i.test(preset)) return null;
  const result = select(session, readerFor(session, preset));
  const text = result.rows?.[0]?.[0] ?? null;
  return text !== null && session.dialect === 'postgres' && /^(true|false)$/i.test(preset) ? text === 't' : text;
}

const readerFor = ({ dialect }: Session, expression: string): Reader => new Reader(`SELECT ${expression}`, dialect);

function returning(session: Session, r: Reader, table: Table, rows: readonly (readonly Value[])[], tag: string): Result {
  if (!r.takes('RETURNING')) return { tag, affected: rows.length };
  const names = r.takes('*') ? table.columns.map(({ name }) => name) : r.list(() => r.name());
  const at = names.map((name) => indexOf(session, table.columns, name));
  return {
    tag,
    affected: rows.length,
    columns: at.map((i) => ({ name: (table.columns[i] as Column).name, isNumeric: /int/.test((table.columns[i] as Column).type) })),
    rows: rows.map((row) => at.map((i) => shown(session.dialect, row[i] as Value))),
  };
}

export function updateRows(session: Session, r: Reader): Result {
  r.needs('UPDATE');
  const name = r.qualified();
  let table = tableOf(session, name);
  r.needs('SET');
  const changes = r.list(() => {
    const { at } = r.token;
    const i = indexOf(session, table.columns, r.name(), at, name.name);
    r.needs('=');
    return { i, x: parseExpression(r) };
  });
  const where = r.takes('WHERE') ? parseExpression(r) : undefined;
  const changed: (readonly Value[])[] = [];
  for (const row of table.rows) {
    const scope = scopeOf(session, r.source, table.columns, row);
    if (where !== undefined && !isTrue(evaluate(where, scope))) continue;
    const next = row.map((value, i) => {
      const change = changes.find((one) => one.i === i);
      return change === undefined ? value : evaluate(change.x, scope);
    });
    const kept = checked(session, name, table, next, 1, row);
    table = { ...table, rows: table.rows.map((one) => (one === row ? kept : one)) };
    changed.push(kept);
  }
  putTable(session, name, table);
  return returning(session, r, table, changed, `UPDATE ${changed.length}`);
}

export function deleteRows(session: Session, r: Reader): Result {
  r.needs('DELETE');
  r.needs('FROM');
  const name = r.qualified();
  const table = tableOf(session, name);
  const where = r.takes('WHERE') ? parseExpression(r) : undefined;
  const isGone = (row: readonly Value[]): boolean => where === undefined || isTrue(evaluate(where, scopeOf(session, r.source, table.columns, row)));
  const gone = table.rows.filter(isGone);
  putTable(session, name, { ...table, rows: table.rows.filter((row) => !gone.includes(row)) });
  return returning(session, r, table, gone, `DELETE ${gone.length}`);
}

export function truncate(session: Session, r: Reader): Result {
  r.needs('TRUNCATE');
  r.takes('TABLE');
  for (const name of r.list(() => r.qualified()))
    putTable(session, name, { ...tableOf(session, name), rows: [], ...(session.dialect === 'mysql' ? { next: 1 } : {}) });
  r.at = r.tokens.length - 1;
  return { tag: 'TRUNCATE TABLE', affected: 0 };
}

export function alterTable(session: Session, r: Reader): Result {
  r.needs('TABLE');
  const name = r.qualified();
  let table = tableOf(session, name);
  do {
    if (r.takes('ADD')) {
      r.takes('COLUMN');
      if (/^(CONSTRAINT|PRIMARY|UNIQUE|INDEX|KEY|FOREIGN)$/i.test(r.token.text)) {
        skip(r);
        continue;
      }
      const column = columnOf(session, r);
      if (r.takes('AFTER')) r.name();
      table = {
        ...table,
        columns: [...table.columns, column],
        rows: table.rows.map((row) => [...row, stored(session.dialect, column, presetOf(session, column), 1)]),
      };
    } else if (r.takes('DROP')) {
      r.takes('COLUMN');
      const i = indexOf(session, table.columns, r.name());
      table = { ...table, columns: table.columns.filter((_, at) => at !== i), rows: table.rows.map((row) => row.filter((_, at) => at !== i)) };
    } else if (r.takes('RENAME', 'TO') || r.takes('RENAME')) {
      putTable(session, name, undefined);
      putTable(session, { name: r.name() }, table);
      return { tag: 'ALTER TABLE', affected: 0 };
    } else skip(r);
  } while (r.takes(','));
  putTable(session, name, table);
  return { tag: 'ALTER TABLE', affected: 0 };
}
