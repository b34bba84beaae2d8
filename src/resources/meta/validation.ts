/** ObjectMeta: apimachinery/pkg/api/validation/objectmeta.go, with core's rule for finalizer names (core/validation ValidateObjectMeta). */
import { isSemanticEqual } from '../../api/equality.js';
import { type BadValue, child, type FieldError, forbidden, type GoSyntax, goQuote, goSyntax, index, invalid, required, tooLong } from '../../api/field.js';
import type { ObjectMeta, OwnerReference } from '../../api/object.js';
import type { AnyResource } from '../../api/resource.js';
import { validateAnnotations, validateLabels } from './labels.js';
import { dnsLabel, type NameCheck, nameIsPathSegment, nameIsSubdomain, qualifiedName } from './names.js';

export const FIELD_IMMUTABLE = 'field is immutable';
export const NOT_NEGATIVE = 'must be greater than or equal to 0';

export const STANDARD_FINALIZERS: ReadonlySet<string> = new Set(['kubernetes', 'orphan', 'foregroundDeletion']);

/** Go's %#v of a []string: `[]string{"a", "b"}`. */
export const goStrings = (values: readonly string[], type = 'string'): GoSyntax => goSyntax(`[]${type}{${values.map(goQuote).join(', ')}}`);

export interface MetaRules {
  readonly namespaced: boolean;
  /** Default: DNS subdomain. */
  readonly name?: NameCheck;
  /** Kinds of the core group's validation also want finalizers to be qualified or standard. Default true. */
  readonly qualifiedFinalizers?: boolean;
}

/** Appends what is wrong with metadata at creation. The name must have been generated already. */
export function validateObjectMeta(meta: ObjectMeta, rules: MetaRules, errors: FieldError[], path = 'metadata'): void {
  const checkName = rules.name ?? nameIsSubdomain;
  if (meta.generateName) for (const problem of checkName(meta.generateName, true)) errors.push(invalid(`${path}.generateName`, meta.generateName, problem));
  if (!meta.name) errors.push(required(`${path}.name`, 'name or generateName is required'));
  else for (const problem of checkName(meta.name, false)) errors.push(invalid(`${path}.name`, meta.name, problem));
  if (!rules.namespaced) {
    if (meta.namespace) errors.push(forbidden(`${path}.namespace`, 'not allowed on this type'));
  } else if (!meta.namespace) errors.push(required(`${path}.namespace`));
  else for (const problem of dnsLabel(meta.namespace)) errors.push(invalid(`${path}.namespace`, meta.namespace, problem));
  validateNonnegative(meta.generation, `${path}.generation`, errors);
  if (meta.labels) validateLabels(meta.labels, `${path}.labels`, errors);
  if (meta.annotations) validateAnnotations(meta.annotations, `${path}.annotations`, errors);
  if (meta.ownerReferences) validateOwnerReferences(meta.ownerReferences, `${path}.ownerReferences`, errors);
  if (meta.finalizers) validateFinalizers(meta.finalizers, `${path}.finalizers`, rules.qualifiedFinalizers !== false, errors);
}

/** Appends what an update may not do to metadata (ValidateObjectMetaUpdate). */
export function validateObjectMetaUpdate(meta: ObjectMeta, old: ObjectMeta, errors: FieldError[], path = 'metadata', qualifiedFinalizers = true): void {
  if (old.deletionTimestamp !== undefined) {
    const known = new Set(old.finalizers ?? []);
    const extra = [...new Set((meta.finalizers ?? []).filter((finalizer) => !known.has(finalizer)))].sort();
    if (extra.length > 0)
      errors.push(
        forbidden(
          `${path}.finalizers`,
          `no new finalizers can be added if the object is being deleted, found new finalizers []string{${extra.map(goQuote).join(', ')}}`,
        ),
      );
  }
  if (!meta.resourceVersion) errors.push(invalid(`${path}.resourceVersion`, meta.resourceVersion ?? '', 'must be specified for an update'));
  if ((meta.generation ?? 0) < (old.generation ?? 0)) errors.push(invalid(`${path}.generation`, meta.generation ?? 0, 'must not be decremented'));
  for (const field of ['name', 'namespace', 'uid'] as const)
    if ((meta[field] ?? '') !== (old[field] ?? '')) errors.push(invalid(`${path}.${field}`, meta[field] ?? '', FIELD_IMMUTABLE));
  if ((meta.creationTimestamp ?? '') !== (old.creationTimestamp ?? ''))
    errors.push(invalid(`${path}.creationTimestamp`, goTime(meta.creationTimestamp), FIELD_IMMUTABLE));
  if ((meta.deletionTimestamp ?? '') !== (old.deletionTimestamp ?? ''))
    errors.push(invalid(`${path}.deletionTimestamp`, goTime(meta.deletionTimestamp), FIELD_IMMUTABLE));
  if (meta.deletionGracePeriodSeconds !== old.deletionGracePeriodSeconds)
    errors.push(invalid(`${path}.deletionGracePeriodSeconds`, meta.deletionGracePeriodSeconds, FIELD_IMMUTABLE));
  if (meta.labels !== old.labels) validateLabels(meta.labels, `${path}.labels`, errors);
  if (meta.annotations !== old.annotations) validateAnnotations(meta.annotations, `${path}.annotations`, errors);
  if (meta.ownerReferences !== old.ownerReferences && meta.ownerReferences) validateOwnerReferences(meta.ownerReferences, `${path}.ownerReferences`, errors);
  // core ValidateObjectMetaUpdate looks at finalizer names again, the generic one does not.
  if (qualifiedFinalizers && meta.finalizers !== old.finalizers) validateFinalizerNames(meta.finalizers ?? [], `${path}.finalizers`, errors);
}

/** Go's String() of a metav1.Time. */
export function goTime(text: string | null | undefined): BadValue {
  if (!text) return null;
  return goSyntax(`${text.slice(0, 10)} ${text.slice(11, 19)} +0000 UTC`);
}

function validateOwnerReferences(references: readonly OwnerReference[], path: string, errors: FieldError[]): void {
  let first = '';
  for (const reference of references) {
    // Upstream reports every reference at the list's own path.
    if (!versionOf(reference.apiVersion ?? '')) errors.push(invalid(child(path, 'apiVersion'), reference.apiVersion ?? '', 'version must not be empty'));
    if (!reference.kind) errors.push(invalid(child(path, 'kind'), reference.kind ?? '', 'kind must not be empty'));
    if (!reference.name) errors.push(invalid(child(path, 'name'), reference.name ?? '', 'name must not be empty'));
    if (!reference.uid) errors.push(invalid(child(path, 'uid'), reference.uid ?? '', 'uid must not be empty'));
    if (reference.apiVersion === 'v1' && reference.kind === 'Event')
      errors.push(invalid(path, goSyntax(goReference(reference)), '/v1, Kind=Event is disallowed from being an owner'));
    if (reference.controller !== true) continue;
    const current = `${reference.kind}/${reference.name}`;
    if (first === '') first = current;
    else
      errors.push(
        invalid(
          path,
          goSyntax(`[]v1.OwnerReference{${references.map(goReference).join(', ')}}`),
          `Only one reference can have Controller set to true. Found "true" in references for ${first} and ${current}`,
        ),
      );
  }
}

/** The version of an apiVersion; '' when it has more than one slash. */
function versionOf(apiVersion: string): string {
  const parts = apiVersion.split('/');
  return parts.length === 1 ? (parts[0] as string) : parts.length === 2 ? (parts[1] as string) : '';
}

/** %#v prints pointers as addresses; ours are made up but keep the form. */
function goReference(reference: OwnerReference): string {
  const pointer = (value: boolean | undefined): string => (value === undefined ? '(*bool)(nil)' : '(*bool)(0xc000000000)');
  return `v1.OwnerReference{APIVersion:${goQuote(reference.apiVersion ?? '')}, Kind:${goQuote(reference.kind ?? '')}, Name:${goQuote(reference.name ?? '')}, UID:${goQuote(reference.uid ?? '')}, Controller:${pointer(reference.controller)}, BlockOwnerDeletion:${pointer(reference.blockOwnerDeletion)}}`;
}

function validateFinalizers(finalizers: readonly string[], path: string, qualified: boolean, errors: FieldError[]): void {
  for (const finalizer of finalizers) for (const problem of qualifiedName(finalizer)) errors.push(invalid(path, finalizer, problem));
  if (finalizers.includes('orphan') && finalizers.includes('foregroundDeletion'))
    errors.push(invalid(path, goStrings(finalizers), 'finalizer orphan and foregroundDeletion cannot be both set'));
  if (qualified) validateFinalizerNames(finalizers, path, errors);
}

function validateFinalizerNames(finalizers: readonly string[], path: string, errors: FieldError[]): void {
  finalizers.forEach((finalizer, i) => {
    if (!finalizer.includes('/') && !STANDARD_FINALIZERS.has(finalizer))
      errors.push(invalid(index(path, i), finalizer, 'name is neither a standard finalizer name nor is it fully qualified'));
  });
}

/** ValidateNonnegativeField; absent counts as 0. */
export function validateNonnegative(value: number | undefined, path: string, errors: FieldError[]): void {
  if (value !== undefined && value < 0) errors.push(invalid(path, value, NOT_NEGATIVE));
}

/** Invalid `field is immutable` when the two differ (ValidateImmutableField). `print` gives the value as upstream prints it. */
export function validateImmutable<T>(value: T, old: T, path: string, errors: FieldError[], print?: (value: T) => BadValue): void {
  if (isSemanticEqual(value, old)) return;
  const bad: BadValue =
    print !== undefined ? print(value) : typeof value === 'object' && value !== null ? goSyntax(JSON.stringify(value)) : (value as BadValue);
  errors.push(invalid(path, bad, FIELD_IMMUTABLE));
}

/** Before its own rules, the rules for metadata that every kind has in common: what both find is said twice. */
export function withCommonChecks<R extends Pick<AnyResource, 'strategy' | 'names'>>(resource: R): R {
  const { strategy } = resource;
  const common = (meta: ObjectMeta, old: ObjectMeta): FieldError[] => {
    const errors: FieldError[] = [];
    validateObjectMeta(meta, { namespaced: resource.names.namespaced, name: nameIsPathSegment, qualifiedFinalizers: false }, errors);
    validateObjectMetaUpdate(meta, old, errors, 'metadata', false);
    validateManagedFields(meta, errors);
    return errors;
  };
  return {
    ...resource,
    strategy: {
      ...strategy,
      validateUpdate: (object, old) => [...common(object.metadata, old.metadata), ...(strategy.validateUpdate?.(object, old) ?? strategy.validate(object))],
      validateStatusUpdate: (object, old) => [...common(object.metadata, old.metadata), ...(strategy.validateStatusUpdate?.(object, old) ?? [])],
    },
  };
}

const MAX_MANAGER = 128;

/** ValidateManagedFields: what is left to judge once the server has written them. */
function validateManagedFields({ managedFields = [] }: ObjectMeta, errors: FieldError[]): void {
  managedFields.forEach(({ manager }, i) => {
    if (Buffer.byteLength(manager ?? '') > MAX_MANAGER) errors.push(tooLong(`metadata.managedFields[${i}].manager`, MAX_MANAGER));
  });
}
