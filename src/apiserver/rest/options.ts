/** Query parameters and bodies that are options: CreateOptions, UpdateOptions, PatchOptions, DeleteOptions (metav1 validation). */
import { badRequest, invalidObject } from '../../api/errors.js';
import { type FieldError, forbidden, goQuote, goSyntax, invalid, notSupported, required, tooLong } from '../../api/field.js';
import { isMap } from '../../api/json-data.js';
import type { ApiRequest, UserInfo } from '../../api/transport.js';
import type { DeleteOptions, WriteOptions } from '../../api/verbs.js';
import { ADMINISTRATOR } from '../authorization/user.js';
import { first, isOn, type Query } from './request-info.js';

type OptionsKind = 'CreateOptions' | 'UpdateOptions' | 'PatchOptions' | 'DeleteOptions';

export function writeOptions(
  kind: OptionsKind,
  request: ApiRequest,
  query: Query,
  isApply: boolean,
  warn: (text: string) => void,
  user?: UserInfo,
): WriteOptions {
  const errors: FieldError[] = [];
  const fieldManager = first(query, 'fieldManager');
  if (isApply && fieldManager === '') errors.push(required('fieldManager', 'is required for apply patch'));
  if (kind === 'PatchOptions' && !isApply && query.has('force')) errors.push(forbidden('force', 'may not be specified for non-apply patch'));
  checkManager(fieldManager, errors);
  const dryRun = checkDryRun(query.get('dryRun') ?? [], errors);
  const validation = first(query, 'fieldValidation');
  if (!['', 'Ignore', 'Strict', 'Warn'].includes(validation)) errors.push(notSupported('fieldValidation', validation, ['', 'Ignore', 'Strict', 'Warn']));
  if (errors.length > 0) throw invalidObject('meta.k8s.io', kind, '', errors);
  return {
    fieldManager: fieldManager || userAgentName(request),
    dryRun,
    fieldValidation: (validation || 'Warn') as NonNullable<WriteOptions['fieldValidation']>,
    ...(isOn(query, 'force') ? { force: true } : {}),
    warn,
    ...(user === undefined || user === ADMINISTRATOR ? {} : { user }),
    asked: {
      ...(dryRun ? { dryRun: ['All'] } : {}),
      ...(fieldManager === '' ? {} : { fieldManager }),
      ...(validation === '' ? {} : { fieldValidation: validation }),
    },
  };
}

const MAX_MANAGER = 128;

/** ValidateFieldManager. */
function checkManager(manager: string, errors: FieldError[]): void {
  if (Buffer.byteLength(manager) > MAX_MANAGER) errors.push(tooLong('fieldManager', MAX_MANAGER));
  let at = 0;
  for (const char of manager) {
    const code = char.codePointAt(0) as number;
    if (!/[\p{L}\p{M}\p{N}\p{P}\p{S} ]/u.test(char))
      errors.push(invalid('fieldManager', manager, `invalid character U+${code.toString(16).toUpperCase().padStart(4, '0')} (at position ${at})`));
    at += Buffer.byteLength(char);
  }
}

/** The part of User-Agent before the slash: who writes when nobody says (handlers managerOrUserAgent). The command line of podsim is a kubectl. */
function userAgentName({ headers }: ApiRequest): string {
  const name = (headers['user-agent'] ?? '').split('/')[0] ?? '';
  return name === '' || name === 'podsim' ? 'kubectl' : name;
}

function checkDryRun(values: readonly string[], errors: FieldError[]): boolean {
  const unknown = values.some((value) => value !== 'All');
  if (unknown) errors.push(notSupported('dryRun', goSyntax(`[]string{${values.map(goQuote).join(', ')}}`), ['All']));
  return values.length > 0;
}

const POLICIES = ['Foreground', 'Background', 'Orphan'] as const;

/** From the body, else from the query. */
export function deleteOptions(body: unknown, query: Query, user: UserInfo, warn: (text: string) => void): DeleteOptions {
  const given = isMap(body) && Object.keys(body).length > 0 ? body : fromQuery(query);
  const errors: FieldError[] = [];
  const policy = given['propagationPolicy'];
  const orphan = given['orphanDependents'];
  if (orphan !== undefined && orphan !== null && policy !== undefined && policy !== null)
    errors.push(invalid('propagationPolicy', String(policy), 'orphanDependents and deletionPropagation cannot be both set'));
  if (policy !== undefined && policy !== null && !(POLICIES as readonly unknown[]).includes(policy))
    errors.push(notSupported('propagationPolicy', typeof policy === 'string' ? policy : goSyntax(String(policy)), [...POLICIES, 'nil']));
  const dryRun = checkDryRun(asStrings(given['dryRun']), errors);
  if (errors.length > 0) throw invalidObject('meta.k8s.io', 'DeleteOptions', '', errors);
  const grace = given['gracePeriodSeconds'];
  if (grace !== undefined && grace !== null && typeof grace !== 'number') throw badRequest('invalid gracePeriodSeconds');
  const preconditions = isMap(given['preconditions']) ? (given['preconditions'] as NonNullable<DeleteOptions['preconditions']>) : undefined;
  const chosen = typeof policy === 'string' ? (policy as (typeof POLICIES)[number]) : orphan === true ? 'Orphan' : orphan === false ? 'Background' : undefined;
  return {
    ...(typeof grace === 'number' ? { gracePeriodSeconds: grace } : {}),
    ...(chosen === undefined ? {} : { propagationPolicy: chosen }),
    ...(preconditions === undefined ? {} : { preconditions }),
    ...(dryRun ? { dryRun } : {}),
    ...(user === ADMINISTRATOR ? {} : { user }),
    warn,
    asked: {
      ...(typeof grace === 'number' ? { gracePeriodSeconds: grace } : {}),
      ...(preconditions === undefined ? {} : { preconditions }),
      ...(typeof orphan === 'boolean' ? { orphanDependents: orphan } : {}),
      ...(typeof policy === 'string' ? { propagationPolicy: policy } : {}),
      ...(dryRun ? { dryRun: ['All'] } : {}),
    },
  };
}

function fromQuery(query: Query): Readonly<Record<string, unknown>> {
  const grace = first(query, 'gracePeriodSeconds');
  const policy = first(query, 'propagationPolicy');
  return {
    ...(grace === '' ? {} : { gracePeriodSeconds: readInteger(grace) }),
    ...(query.has('orphanDependents') ? { orphanDependents: isOn(query, 'orphanDependents') } : {}),
    ...(policy === '' ? {} : { propagationPolicy: policy }),
    dryRun: query.get('dryRun') ?? [],
  };
}

function readInteger(text: string): number {
  if (!/^[+-]?\d+$/.test(text)) throw badRequest(`strconv.ParseInt: parsing ${JSON.stringify(text)}: invalid syntax`);
  return Number(text);
}

const asStrings = (value: unknown): readonly string[] => (Array.isArray(value) ? value.map(String) : []);
