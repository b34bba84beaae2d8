/** A program's statements as flat code, so that where it is can be said by a number. */
import { type Expression, type FunctionLiteral, NotSimulated, type Statement } from './values.js';

export type Instruction =
  | { readonly i: 'do'; readonly value: Expression }
  | { readonly i: 'unless'; readonly test: Expression; readonly to: number }
  | { readonly i: 'jump'; readonly to: number }
  /** The next element of a list that was worked out at `begin`, else on at `to`. */
  | { readonly i: 'begin'; readonly of: Expression; readonly slot: number }
  | { readonly i: 'each'; readonly names: readonly string[]; readonly slot: number; readonly to: number }
  | { readonly i: 'return'; readonly value?: Expression }
  /** What was raised is of one of these types: it is over; else on at `to`. */
  | { readonly i: 'catch'; readonly types: readonly string[]; readonly name?: string; readonly to: number }
  | { readonly i: 'raise'; readonly value?: Expression }
  | { readonly i: 'end' };

/** Flat code; bodies of function literals stand behind the program, and are called by where they begin. */
export interface Code {
  readonly list: readonly Instruction[];
  readonly functions: ReadonlyMap<Expression, number>;
  /** Where it goes on after a failure between `from` and `to`; the innermost first. */
  readonly tries: readonly { readonly from: number; readonly to: number; readonly handler: number }[];
}

export function compile(statements: readonly Statement[]): Code {
  const list: Instruction[] = [];
  const functions = new Map<Expression, number>();
  const literals: FunctionLiteral[] = [];
  const tries: { from: number; to: number; handler: number }[] = [];
  let slots = 0;
  const find = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    if ((value as Expression).k === 'function') literals.push(value as FunctionLiteral);
    else for (const inner of Object.values(value)) find(inner);
  };
  const emit = (body: readonly Statement[], loop?: { readonly breaks: number[]; readonly continues: number[] }): void => {
    for (const statement of body) {
      switch (statement.s) {
        case 'do':
          find(statement.value);
          list.push({ i: 'do', value: statement.value });
          break;
        case 'if': {
          const test = list.push({ i: 'end' }) - 1;
          emit(statement.body, loop);
          const leave = list.push({ i: 'end' }) - 1;
          list[test] = { i: 'unless', test: statement.test, to: list.length };
          emit(statement.otherwise, loop);
          list[leave] = { i: 'jump', to: list.length };
          break;
        }
        case 'while':
        case 'each': {
          const slot = slots++;
          if (statement.s === 'each') list.push({ i: 'begin', of: statement.of, slot });
          const head = list.push({ i: 'end' }) - 1;
          const own = { breaks: [] as number[], continues: [] as number[] };
          emit(statement.body, own);
          const again = list.length;
          if (statement.s === 'while' && statement.update !== undefined) list.push({ i: 'do', value: statement.update });
          list.push({ i: 'jump', to: head });
          list[head] =
            statement.s === 'while' ? { i: 'unless', test: statement.test, to: list.length } : { i: 'each', names: statement.names, slot, to: list.length };
          for (const at of own.breaks) list[at] = { i: 'jump', to: list.length };
          for (const at of own.continues) list[at] = { i: 'jump', to: again };
          break;
        }
        case 'return':
          if (statement.value !== undefined) find(statement.value);
          list.push({ i: 'return', ...(statement.value === undefined ? {} : { value: statement.value }) });
          break;
        case 'raise':
          list.push({ i: 'raise', ...(statement.value === undefined ? {} : { value: statement.value }) });
          break;
        case 'try':
          emitTry(statement, loop);
          break;
        default:
          if (loop === undefined) throw new NotSimulated(`${statement.s} outside of a loop`);
          loop[statement.s === 'break' ? 'breaks' : 'continues'].push(list.push({ i: 'end' }) - 1);
      }
    }
  };
  const emitTry = (statement: Extract<Statement, { s: 'try' }>, loop: Parameters<typeof emit>[1]): void => {
    if (statement.final.length > 0 && leavesEarly([...statement.body, ...statement.handlers.flatMap((handler) => handler.body)]))
      throw new NotSimulated('finally after return or break');
    const leaves: number[] = [];
    const from = list.length;
    emit(statement.body, loop);
    const to = list.length;
    emit(statement.otherwise, loop);
    leaves.push(list.push({ i: 'end' }) - 1);
    tries.push({ from, to, handler: list.length });
    const caught = list.length;
    for (const handler of statement.handlers) {
      const at = list.push({ i: 'end' }) - 1;
      emit(handler.body, loop);
      leaves.push(list.push({ i: 'end' }) - 1);
      list[at] = { i: 'catch', types: handler.types, ...(handler.name === undefined ? {} : { name: handler.name }), to: list.length };
    }
    if (statement.final.length > 0) {
      // What a handler raises, or what none of them took, passes through here too.
      tries.push({ from: caught, to: list.length, handler: list.length });
      emit(statement.final, loop);
    }
    list.push({ i: 'raise' });
    for (const at of leaves) list[at] = { i: 'jump', to: list.length };
    emit(statement.final, loop);
  };
  emit(statements);
  list.push({ i: 'end' });
  for (let literal = literals.shift(); literal !== undefined; literal = literals.shift()) {
    functions.set(literal, list.length);
    emit(literal.body);
    list.push({ i: 'end' });
  }
  return { list, functions, tries };
}

const leavesEarly = (body: readonly Statement[]): boolean =>
  body.some(
    (one) =>
      one.s === 'return' ||
      one.s === 'break' ||
      one.s === 'continue' ||
      (one.s === 'if' && (leavesEarly(one.body) || leavesEarly(one.otherwise))) ||
      ((one.s === 'while' || one.s === 'each') && leavesEarly(one.body)),
  );
