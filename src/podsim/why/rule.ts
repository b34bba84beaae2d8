/**
 * A rule is one cause: how it is recognised in what the cluster holds, what to say of it, what to do, and the commands that show it.
 * Texts and commands are templates: `{name}` is a value the predicate found. A sentence or a command with a value that was not
 * found is left out, so that nothing is said that is not known.
 */

import type { Language } from '../language.js';
import { remarked } from './remarks.js';

/** What was seen, in Kubernetes' own words. */
export interface Evidence {
  /** Where: an Event, a condition, the state of a container, its log, a field of a spec, another object. */
  readonly from: 'event' | 'condition' | 'container' | 'log' | 'spec' | 'object';
  readonly text: string;
}

/** Values for the templates, by name. */
export type Values = Readonly<Record<string, string | number | undefined>>;

/** The rule holds, and this is what shows it. */
export interface Facts {
  readonly values?: Values;
  readonly evidence: readonly (Evidence | undefined)[];
}

/** Sentences of one language. */
export interface Words {
  readonly cause: readonly string[];
  readonly todo: readonly string[];
}

export interface Rule<S> {
  /** Kebab-case; stable, scripts compare it. */
  readonly id: string;
  /** Undefined: this is not the cause. */
  when(subject: S): Facts | undefined;
  readonly en: Words;
  readonly ko: Words;
  /** Commands that change something; `#` begins a remark. */
  readonly fix?: readonly string[];
  /** Commands that show the cause and change nothing. */
  readonly proof: readonly string[];
  /** Nothing is wrong. */
  readonly isFine?: boolean;
}

/** A rule that held, in one language. */
export interface Cause {
  readonly id: string;
  /** `pod/web`: what it was found on. */
  readonly object: string;
  readonly container?: string;
  /** Others that have it too: `pod/web-2`. */
  readonly also?: readonly string[];
  readonly cause: string;
  readonly todo: string;
  readonly evidence: readonly Evidence[];
  readonly fix: readonly string[];
  readonly proof: readonly string[];
  readonly isFine: boolean;
}

/** `{end}` is JSONPath's. */
const HOLE = /\{(?!end\})(\w+)\}/g;

/** The template with its values; undefined when one of them is not known. */
export function fill(template: string, values: Values): string | undefined {
  const names = [...template.matchAll(HOLE)].map((match) => match[1] as string);
  if (names.some((name) => values[name] === undefined)) return undefined;
  return template.replace(HOLE, (_, name: string) => String(values[name]));
}

const filled = (templates: readonly string[], values: Values): readonly string[] =>
  [...new Set(templates.flatMap((template) => fill(template, values)?.split('\n') ?? []))].filter((line) => line !== '');

/** The rule's cause of what it was asked about, or undefined when it does not hold. */
export function causeOf<S>(
  rule: Rule<S>,
  subject: S,
  about: { readonly object: string; readonly container?: string; readonly values: Values },
  language: Language,
): Cause | undefined {
  const facts = rule.when(subject);
  if (facts === undefined) return undefined;
  const values = { ...about.values, ...facts.values };
  const words = rule[language];
  return {
    id: rule.id,
    object: about.object,
    ...(about.container === undefined ? {} : { container: about.container }),
    cause: filled(words.cause, values).join(' '),
    todo: filled(words.todo, values).join(' '),
    evidence: facts.evidence.filter((one) => one !== undefined),
    fix: filled(rule.fix ?? [], values).map((line) => remarked(line, language)),
    proof: filled(rule.proof, values).map((line) => remarked(line, language)),
    isFine: rule.isFine === true,
  };
}
