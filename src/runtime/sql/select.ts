/** SELECT: from tables joined, filtered, grouped, ordered and cut. */
import { type Result, type Session, tableOf } from './engine.js';
import { type Expression, evaluate, hasAggregate, parseExpression, type Reader, type Scope } from './expression.js';
import { callFunction } from './functions.js';
import { systemTable } from './show.js';
import { compare, isNumeric, isTrue, SqlError, shown, type Value } from './values.js';

interface Source {
  readonly alias: string;
  readonly names: readonly string[];
  readonly types: readonly string[];
  readonly rows: readonly (readonly Value[])[];
}

/** A row of every source. */
type Joined = readonly (readonly Value[])[];

interface Field {
  readonly name: string;
  readonly x: Expression;
}

export function select(session: Session, r: Reader): Result {
  const result = simple(session, r);
  if (!r.takes('UNION')) return result;
  const keepsAll = r.takes('ALL');
  const more = select(session, r);
  const rows = [...(result.rows ?? []), ...(more.rows ?? [])];
  const kept = keepsAll ? rows : [...new Map(rows.map((row) => [JSON.stringify(row), row])).values()];
  return { ...result, rows: kept, tag: `SELECT ${kept.length}` };
}

function simple(session: Session, r: Reader): Result {
  const { dialect } = session;
  if (r.takes('(')) {
    const inner = select(session, r);
    r.needs(')');
    return inner;
  }
  r.needs('SELECT');
  const distinct = r.takes('DISTINCT');
  const fields = r.list(() => {
    const from = r.at;
    const x = parseExpression(r);
    const text = r.text(from);
    const isNamed =
      r.takes('AS') ||
      ((r.token.kind === 'word' || r.token.kind === 'name') && !/^(FROM|WHERE|GROUP|ORDER|LIMIT|OFFSET|HAVING|UNION|INTO|FOR)$/i.test(r.token.text));
    const name = !isNamed ? undefined : r.token.kind === 'text' ? (r.tokens[r.at++] as { text: string }).text : r.name();
    return { name: name ?? fieldName(session, x, text), x };
  });
  const { sources, rows } = r.takes('FROM') ? joined(session, r) : { sources: [], rows: [[]] as Joined[] };
  const scopeOf = (row: Joined): Scope => ({
    dialect,
    column: (x) => columnOf(session, sources, row, x),
    call: (name, args, at) => callFunction(session, r.source, name, args, at),
  });
  let scopes: Scope[] = rows.map(scopeOf);
  if (r.takes('WHERE')) {
    const where = parseExpression(r);
    if (rows.length === 0) check(session, sources, where);
    scopes = scopes.filter((scope) => isTrue(evaluate(where, scope)));
  }
  const grouping = r.takes('GROUP', 'BY') ? r.list(() => resolved(parseExpression(r), fields)) : undefined;
  const having = r.takes('HAVING') ? parseExpression(r) : undefined;
  const order = r.takes('ORDER', 'BY')
    ? r.list(() => {
        const x = resolved(parseExpression(r), fields);
        const isDown = r.takes('DESC');
        if (!isDown) r.takes('ASC');
        const nulls = r.takes('NULLS') ? (r.takes('FIRST') ? 'first' : 'last') : undefined;
        if (nulls === 'last') r.needs('LAST');
        return { x, isDown, nulls };
      })
    : [];
  let limit = Number.POSITIVE_INFINITY;
  let offset = 0;
  for (;;) {
    if (r.takes('LIMIT')) {
      const first = r.takes('ALL') ? Number.POSITIVE_INFINITY : Number(evaluate(parseExpression(r), scopeOf([])));
      if (r.takes(',')) {
        offset = first;
        limit = Number(evaluate(parseExpression(r), scopeOf([])));
      } else limit = first;
    } else if (r.takes('OFFSET')) offset = Number(evaluate(parseExpression(r), scopeOf([])));
    else break;
  }
  if (r.takes('FOR')) r.needs('UPDATE');

  const all = fields.flatMap((field) => (field.x.k === 'all' ? starred(session, sources, field.x) : [field]));
  if (rows.length === 0) for (const { x } of all) check(session, sources, x);
  if (grouping !== undefined || all.some(({ x }) => hasAggregate(x)) || (having !== undefined && hasAggregate(having))) {
    const groups = new Map<string, Scope[]>();
    if (grouping === undefined) groups.set('', scopes);
    else
      for (const scope of scopes) {
        const key = JSON.stringify(grouping.map((x) => evaluate(x, scope)));
        groups.set(key, [...(groups.get(key) ?? []), scope]);
      }
    scopes = [...groups.values()].map((group) => ({ ...(group[0] ?? { ...scopeOf([]), column: () => null }), group }));
    if (having !== undefined) scopes = scopes.filter((scope) => isTrue(evaluate(resolved(having, fields), scope)));
  }
  const keyed = scopes.map((scope) => ({ scope, keys: order.map(({ x }) => evaluate(x, scope)) }));
  keyed.sort((one, other) => {
    for (const [i, { isDown, nulls }] of order.entries()) {
      const [a, b] = [one.keys[i] as Value, other.keys[i] as Value];
      const sign = isDown ? -1 : 1;
      // Nothing is the smallest for MySQL, the largest for PostgreSQL.
      const nullSign = nulls !== undefined ? (nulls === 'first' ? -1 : 1) : (dialect === 'mysql' ? -1 : 1) * sign;
      const by = a === null || b === null ? (a === b ? 0 : a === null ? nullSign : -nullSign) : (compare(dialect, a, b) as number) * sign;
      if (by !== 0) return by;
    }
    return 0;
  });
  let out = keyed.map(({ scope }) => all.map(({ x }) => evaluate(x, scope)));
  if (distinct) out = [...new Map(out.map((row) => [JSON.stringify(row), row])).values()];
  out = out.slice(offset, offset + limit);
  const columns = all.map(({ name, x }, i) => ({
    name,
    isNumeric: isNumber(
      sources,
      x,
      out.map((row) => row[i] as Value),
    ),
  }));
  return { tag: `SELECT ${out.length}`, columns, rows: out.map((row) => row.map((value) => shown(dialect, value))) };
}

/** `ORDER BY 2`, `GROUP BY alias`. */
function resolved(x: Expression, fields: readonly Field[]): Expression {
  if (x.k === 'value' && typeof x.value === 'number') return fields[x.value - 1]?.x ?? x;
  if (x.k === 'binary') return { ...x, a: x.a.k === 'value' ? x.a : resolved(x.a, fields), b: x.b.k === 'value' ? x.b : resolved(x.b, fields) };
  const named = x.k === 'column' && x.table === undefined ? fields.find(({ name, x: own }) => name === x.name && own.k !== 'all') : undefined;
  return named?.x ?? x;
}

function fieldName({ dialect }: Session, x: Expression, text: string): string {
  if (x.k === 'column') return x.name;
  if (dialect === 'mysql') return x.k === 'value' && typeof x.value === 'string' ? x.value : text;
  if (x.k === 'call') return x.name === 'cast' ? castName(x.args[0] as Expression, String((x.args[1] as { value: Value }).value)) : x.name;
  if (x.k === 'value' && typeof x.value === 'boolean') return 'bool';
  return x.k === 'case' ? 'case' : '?column?';
}
const castName = (x: Expression, type: string): string => (x.k === 'column' ? x.name : type === 'int' ? 'int4' : type);

function source(session: Session, r: Reader): Source {
  if (r.takes('(')) {
    const inner = select(session, r);
    r.needs(')');
    r.takes('AS');
    const names = (inner.columns ?? []).map(({ name }) => name);
    return { alias: r.name(), names, types: (inner.columns ?? []).map((one) => (one.isNumeric ? 'int' : 'text')), rows: inner.rows ?? [] };
  }
  const name = r.qualified();
  const system = systemTable(session, name);
  const isAliased =
    r.takes('AS') ||
    (r.token.kind === 'word' &&
      !/^(WHERE|GROUP|ORDER|LIMIT|OFFSET|HAVING|UNION|JOIN|INNER|LEFT|RIGHT|CROSS|FULL|ON|USING|FOR|SET|NATURAL)$/i.test(r.token.text));
  const alias = isAliased ? r.name() : name.name;
  if (system !== undefined) return { alias, ...system };
  const table = tableOf(session, name);
  return { alias, names: table.columns.map((one) => one.name), types: table.columns.map(({ type }) => type), rows: table.rows };
}

function joined(session: Session, r: Reader): { readonly sources: readonly Source[]; readonly rows: readonly Joined[] } {
  const sources = [source(session, r)];
  let rows: Joined[] = (sources[0] as Source).rows.map((row) => [row]);
  for (;;) {
    const isLeft = r.is('LEFT');
    const isCross = r.takes(',') || r.takes('CROSS', 'JOIN');
    if (!isCross && !r.takes('JOIN') && !r.takes('INNER', 'JOIN') && !r.takes('LEFT', 'JOIN') && !r.takes('LEFT', 'OUTER', 'JOIN')) return { sources, rows };
    const other = source(session, r);
    sources.push(other);
    const by = isCross ? undefined : r.takes('USING') ? usingOf(r, sources) : conditionOf(r);
    const fits = (row: Joined): boolean =>
      by === undefined ||
      isTrue(
        evaluate(by, {
          dialect: session.dialect,
          column: (x) => columnOf(session, sources, row, x),
          call: (name, args, at) => callFunction(session, r.source, name, args, at),
        }),
      );
    rows = rows.flatMap((row) => {
      const found = other.rows.map((one) => [...row, one]).filter(fits);
      return found.length > 0 || !isLeft ? found : [[...row, other.names.map(() => null)]];
    });
  }
}

function conditionOf(r: Reader): Expression {
  r.needs('ON');
  return parseExpression(r);
}

function usingOf(r: Reader, sources: readonly Source[]): Expression {
  r.needs('(');
  const name = r.name();
  r.needs(')');
  const [a, b] = [sources.find((one) => one.names.includes(name))?.alias ?? '', sources.at(-1)?.alias ?? ''];
  return { k: 'binary', op: '=', a: { k: 'column', table: a, name, at: 0 }, b: { k: 'column', table: b, name, at: 0 } };
}

const isSame = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();

function placeOf({ dialect }: Session, sources: readonly Source[], { table, name, at }: Extract<Expression, { k: 'column' }>): readonly [number, number] {
  const found = sources
    .flatMap((one, i) => (table === undefined || isSame(one.alias, table) ? [[i, one.names.findIndex((own) => isSame(own, name))] as const] : []))
    .filter(([, j]) => j >= 0);
  const full = table === undefined ? name : `${table}.${name}`;
  if (found.length > 1)
    throw dialect === 'mysql'
      ? new SqlError(`Column '${name}' in field list is ambiguous`, '1052 (23000)')
      : new SqlError(`column reference "${name}" is ambiguous`, '42702', undefined, at);
  if (found[0] !== undefined) return found[0];
  if (dialect === 'mysql') throw new SqlError(`Unknown column '${full}' in 'field list'`, '1054 (42S22)');
  throw new SqlError(table === undefined ? `column "${name}" does not exist` : `column ${full} does not exist`, '42703', undefined, at);
}

function columnOf(session: Session, sources: readonly Source[], row: Joined, x: Extract<Expression, { k: 'column' }>): Value {
  const [i, j] = placeOf(session, sources, x);
  return row[i]?.[j] ?? null;
}

/** Without a row nobody would notice a column that is not there. */
function check(session: Session, sources: readonly Source[], x: Expression): void {
  if (x.k === 'column') placeOf(session, sources, x);
  else if (x.k === 'binary') for (const one of [x.a, x.b]) check(session, sources, one);
  else if (x.k === 'call') for (const one of x.args) check(session, sources, one);
}

function starred(_session: Session, sources: readonly Source[], { table }: Extract<Expression, { k: 'all' }>): Field[] {
  return sources.flatMap(({ alias, names }) =>
    table === undefined || isSame(table, alias) ? names.map((name) => ({ name, x: { k: 'column', table: alias, name, at: 0 } as const })) : [],
  );
}

function isNumber(sources: readonly Source[], x: Expression, values: readonly Value[]): boolean {
  if (x.k === 'column') {
    const types = sources.flatMap(({ alias, names, types: own }) =>
      x.table === undefined || isSame(alias, x.table) ? [own[names.findIndex((name) => isSame(name, x.name))]] : [],
    );
    return isNumeric(types.find((type) => type !== undefined) ?? '');
  }
  if (x.k === 'call' && /^(count|sum|avg|length|abs|round)$/.test(x.name)) return true;
  return (
    values.length > 0 &&
    values.every((value) => value === null || typeof value === 'number' || (x.k === 'binary' && /^-?\d+\.\d+$/.test(String(value)))) &&
    values.some((value) => value !== null)
  );
}
