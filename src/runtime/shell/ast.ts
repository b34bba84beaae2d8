/** Shell source → syntax tree with numbered nodes, so that a frame can name where it is as (source, node) in plain JSON. */

import type {
  AndOr,
  Assignment,
  Case,
  Command,
  CommandNode,
  CompoundList,
  For,
  Function as FunctionNode,
  If,
  Pipeline,
  PipelineNode,
  Redirected,
  Redirection,
  Script,
  Statement,
  Subshell,
  While,
  Word,
  WordPart,
} from 'unbash';
import { parse } from 'unbash';
import { checkSyntax, type SyntaxProblem } from './grammar.js';
import type { Flavour } from './state.js';
import { problemOf } from './syntax-error.js';

export type {
  AndOr,
  Assignment,
  Case,
  Command,
  CommandNode,
  CompoundList,
  For,
  FunctionNode,
  If,
  Pipeline,
  PipelineNode,
  Redirected,
  Redirection,
  Script,
  Statement,
  Subshell,
  While,
  Word,
  WordPart,
};

/** A node that can be executed. */
export type Executable = Script | CompoundList | Statement | AndOr | PipelineNode | CommandNode;

export interface Parsed {
  readonly root: Script;
  /** Executable nodes in pre-order; a frame's `n` is an index here. */
  readonly nodes: readonly Executable[];
  readonly numbers: ReadonlyMap<Executable, number>;
  /** The first syntax error: what stands there, and on which line (1-based). */
  readonly error?: { readonly message: string; readonly line: number; readonly pos: number };
  /** What is wrong with it, as that shell sees it. */
  problem(flavour: Flavour): SyntaxProblem | undefined;
}

/** Parses by source text, each text once. One cache per shell behaviour; it holds nothing that parsing again would not give. */
export type Parser = (source: string) => Parsed;

export function createParser(): Parser {
  const cache = new Map<string, Parsed>();
  return (source) => {
    const known = cache.get(source);
    if (known !== undefined) return known;
    const parsed = parseScript(source);
    if (cache.size > 500) cache.clear();
    cache.set(source, parsed);
    return parsed;
  };
}

function parseScript(source: string): Parsed {
  const tree = parse(source) as Script & { readonly errors?: readonly { message: string; pos: number }[] };
  const first = tree.errors?.[0];
  // Word parts are getters that parse on first access; a JSON round trip makes the tree plain.
  const root = JSON.parse(JSON.stringify(tree)) as Script;
  const nodes: Executable[] = [];
  const numbers = new Map<Executable, number>();
  const visit = (node: Executable | undefined): void => {
    if (node === undefined) return;
    numbers.set(node, nodes.length);
    nodes.push(node);
    switch (node.type) {
      case 'Script':
      case 'CompoundList':
        for (const statement of node.commands) visit(statement);
        break;
      case 'Statement':
      case 'Redirected':
        visit(node.command);
        break;
      case 'AndOr':
      case 'Pipeline':
        for (const command of node.commands) visit(command);
        break;
      case 'If':
        visit(node.clause);
        visit(node.then);
        for (const elif of node.elif) {
          visit(elif.clause);
          visit(elif.then);
        }
        visit(node.else);
        break;
      case 'While':
        visit(node.clause);
        visit(node.body);
        break;
      case 'For':
      case 'ArithmeticFor':
      case 'Select':
      case 'Subshell':
      case 'BraceGroup':
        visit(node.body);
        break;
      case 'Function':
      case 'Coproc':
        visit(node.body);
        break;
      case 'Case':
        for (const item of node.items) visit(item.body);
        break;
      default:
        break;
    }
  };
  visit(root);
  const error = first === undefined ? undefined : { message: first.message, pos: first.pos, line: source.slice(0, first.pos).split('\n').length };
  const problems = new Map<Flavour, SyntaxProblem | undefined>();
  return {
    root,
    nodes,
    numbers,
    ...(error === undefined ? {} : { error }),
    problem(flavour) {
      if (!problems.has(flavour)) problems.set(flavour, checkSyntax(source, flavour) ?? (error === undefined ? undefined : problemOf(source, flavour, error)));
      return problems.get(flavour);
    },
  };
}
