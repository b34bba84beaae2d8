/** apiextensions-apiserver pkg/apis/apiextensions/validation/validation.go. */
import { isSemanticEqual } from '../../api/equality.js';
import { duplicate, type FieldError, forbidden, goSyntax, index, invalid, mapKey, notSupported, required, tooMany } from '../../api/field.js';
import type { JsonObject } from '../../api/object.js';
import { goFieldValue } from '../meta/go/syntax.js';
import { dns1035Label, dnsSubdomain, type NameCheck, nameIsSubdomain } from '../meta/names.js';
import { goStrings, validateImmutable, validateObjectMeta, validateObjectMetaUpdate } from '../meta/validation.js';
import { validateReviewVersions, validateWebhookService, validateWebhookUrl } from '../webhooks/client-config.js';
import { findField } from './field-path.js';
import { textOf } from './schema-walk.js';
import type {
  CustomResourceColumnDefinition,
  CustomResourceDefinition,
  CustomResourceDefinitionNames,
  CustomResourceDefinitionSpec,
  CustomResourceDefinitionVersion,
} from './types.js';
import { validateSchema } from './validate-schema.js';

const APPROVAL = 'api-approved.kubernetes.io';
const SCOPES = ['Cluster', 'Namespaced'];
const COLUMN_FORMATS = ['byte', 'date', 'date-time', 'double', 'float', 'int32', 'int64', 'password'];
const COLUMN_TYPES = ['boolean', 'date', 'integer', 'number', 'string'];

export function validate({ metadata, spec, status }: CustomResourceDefinition): FieldError[] {
  const errors: FieldError[] = [];
  const name: NameCheck = (text, prefix) =>
    text === `${spec.names.plural}.${spec.group ?? ''}`
      ? nameIsSubdomain(text, prefix)
      : [...nameIsSubdomain(text, prefix), 'must be spec.names.plural+"."+spec.group'];
  validateObjectMeta(metadata, { namespaced: false, name, qualifiedFinalizers: false }, errors);
  validateSpec(spec, errors);
  validateNames(status.acceptedNames ?? {}, 'status.acceptedNames', errors);
  validateStoredVersions(status.storedVersions ?? [], spec.versions ?? [], errors);
  validateApproval(metadata.annotations?.[APPROVAL], spec.group ?? '', errors);
  if (spec.preserveUnknownFields === true) errors.push(KEEPS_UNKNOWN);
  return errors;
}

export function validateUpdate(crd: CustomResourceDefinition, old: CustomResourceDefinition): FieldError[] {
  const errors: FieldError[] = [];
  validateObjectMetaUpdate(crd.metadata, old.metadata, errors, 'metadata', false);
  validateSpec(crd.spec, errors);
  if (old.status.conditions?.some(({ type, status }) => type === 'Established' && status === 'True')) {
    validateImmutable(crd.spec.scope ?? '', old.spec.scope, 'spec.scope', errors);
    validateImmutable(crd.spec.names.kind ?? '', old.spec.names.kind, 'spec.names.kind', errors);
  }
  validateImmutable(crd.spec.group ?? '', old.spec.group, 'spec.group', errors);
  validateImmutable(crd.spec.names.plural ?? '', old.spec.names.plural, 'spec.names.plural', errors);
  validateNames(crd.status.acceptedNames ?? {}, 'status.acceptedNames', errors);
  validateStoredVersions(crd.status.storedVersions ?? [], crd.spec.versions ?? [], errors);
  validateApproval(crd.metadata.annotations?.[APPROVAL], crd.spec.group ?? '', errors);
  if (crd.spec.preserveUnknownFields === true && old.spec.preserveUnknownFields !== true) errors.push(KEEPS_UNKNOWN);
  return errors;
}

const KEEPS_UNKNOWN = invalid(
  'spec.preserveUnknownFields',
  true,
  'cannot set to true, set x-kubernetes-preserve-unknown-fields to true in spec.versions[*].schema instead',
);

/** The internal form: what all versions have alike is kept once, for all of them (conversion.go). */
function hoisted(versions: readonly CustomResourceDefinitionVersion[]): Hoisted {
  const [first] = versions;
  const shared: Record<string, unknown> = {};
  for (const field of ['schema', 'subresources', 'additionalPrinterColumns', 'selectableFields'] as const)
    if (first?.[field] !== undefined && versions.every((version) => isSemanticEqual(version[field], first[field]))) shared[field] = first[field];
  const own = versions.map((version) => Object.fromEntries(Object.entries(version).filter(([field]) => !Object.hasOwn(shared, field))));
  return { shared, own: own as unknown as readonly CustomResourceDefinitionVersion[] };
}
type PerVersion = Partial<Pick<CustomResourceDefinitionVersion, 'schema' | 'subresources' | 'additionalPrinterColumns' | 'selectableFields'>>;
interface Hoisted {
  readonly shared: PerVersion;
  readonly own: readonly CustomResourceDefinitionVersion[];
}

function validateSpec(spec: CustomResourceDefinitionSpec, errors: FieldError[]): void {
  const { group = '', scope = '' } = spec;
  if (group === '') errors.push(required('spec.group'));
  else {
    const problems = dnsSubdomain(group);
    if (problems.length > 0) errors.push(invalid('spec.group', group, problems.join(',')));
    else if (!group.includes('.')) errors.push(invalid('spec.group', group, 'should be a domain with at least one dot'));
  }
  if (scope === '') errors.push(required('spec.scope'));
  else if (!SCOPES.includes(scope)) errors.push(notSupported('spec.scope', scope, SCOPES));
  validateVersions(spec, errors);
  validateConversion(spec.conversion, spec.preserveUnknownFields === true, errors);
}

function validateVersions(spec: CustomResourceDefinitionSpec, errors: FieldError[]): void {
  const { shared, own } = hoisted(spec.versions ?? []);
  if (shared.schema?.openAPIV3Schema === undefined)
    own.forEach(({ schema }, i) => {
      if (schema?.openAPIV3Schema === undefined) errors.push(required(`${index('spec.versions', i)}.schema.openAPIV3Schema`, 'schemas are required'));
    });
  if (spec.preserveUnknownFields === true && (spec.versions ?? []).some(({ schema }) => hasDefault(schema?.openAPIV3Schema)))
    errors.push(invalid('spec.preserveUnknownFields', true, 'must be false in order to use defaults in the schema'));
  own.forEach((version, i) => {
    const path = index('spec.versions', i);
    const { name = '', deprecated, deprecationWarning } = version;
    const problems = dns1035Label(name);
    if (problems.length > 0) errors.push(invalid(`${path}.name`, name, problems.join(',')));
    for (const problem of warningProblems(deprecated === true, deprecationWarning))
      errors.push(invalid(`${path}.deprecationWarning`, deprecationWarning, problem));
    const { status } = ((shared.subresources ?? version.subresources) as { status?: unknown } | undefined) ?? {};
    validateParts(version, path, `${path}.schema.openAPIV3Schema`, status !== undefined, errors);
  });
  const bad = goFieldValue({ ...spec, versions: own }, 'versions', '[]apiextensions.CustomResourceDefinitionVersion');
  if (new Set(own.map(({ name }) => name)).size < own.length) errors.push(invalid('spec.versions', bad, 'must contain unique version names'));
  if (own.filter(({ storage }) => storage).length !== 1) errors.push(invalid('spec.versions', bad, 'must have exactly one version marked as storage version'));
  const first = own[0]?.name ?? '';
  const problems = first === '' ? [] : dns1035Label(first);
  if (problems.length > 0) errors.push(invalid('spec.version', first, problems.join(',')));
  for (const field of ['plural', 'singular', 'kind', 'listKind'] as const) if (!spec.names[field]) errors.push(required(`spec.names.${field}`));
  validateNames(spec.names, 'spec.names', errors);
  const hasStatus = (spec.versions ?? []).some(({ subresources }) => subresources?.status !== undefined);
  validateParts(shared, 'spec', 'spec.validation.openAPIV3Schema', hasStatus, errors);
}

/** What a version has, or all of them have. */
function validateParts(
  { schema, subresources, additionalPrinterColumns, selectableFields }: PerVersion,
  path: string,
  schemaPath: string,
  hasStatus: boolean,
  errors: FieldError[],
): void {
  const content = schema?.openAPIV3Schema;
  if (content !== undefined) validateSchema(content, schemaPath, hasStatus, errors);
  validateScale(subresources?.scale, `${path}.subresources.scale`, errors);
  additionalPrinterColumns?.forEach((column, i) => {
    validateColumn(column, index(`${path}.additionalPrinterColumns`, i), errors);
  });
  if (selectableFields === undefined || selectableFields.length === 0) return;
  const at = `${path}.selectableFields`;
  if (content === undefined) {
    const detail =
      path === 'spec'
        ? 'selectableFields may only be set when validations.schema is included'
        : 'selectableFields may only be set when version.schema.openAPIV3Schema is not included';
    errors.push(invalid(at, '', detail));
  } else validateSelectable(selectableFields, content, at, errors);
}

function validateColumn({ name, type, format, jsonPath }: CustomResourceColumnDefinition, at: string, errors: FieldError[]): void {
  if (!name) errors.push(required(`${at}.name`));
  const types = `must be one of ${COLUMN_TYPES.join(',')}`;
  if (!type) errors.push(required(`${at}.type`, types));
  else if (!COLUMN_TYPES.includes(type)) errors.push(invalid(`${at}.type`, type, types));
  if (format && !COLUMN_FORMATS.includes(format)) errors.push(invalid(`${at}.format`, format, `must be one of ${COLUMN_FORMATS.join(',')}`));
  if (!jsonPath) errors.push(required(`${at}.JSONPath`));
  else if (!isSimplePath(jsonPath)) errors.push(invalid(`${at}.JSONPath`, jsonPath, NOT_SIMPLE));
}

const MAX_SELECTABLE = 8;

function validateSelectable(fields: readonly { readonly jsonPath: string }[], schema: JsonObject, path: string, errors: FieldError[]): void {
  const seen = new Set<string>();
  fields.forEach(({ jsonPath = '' }, i) => {
    const at = `${index(path, i)}.jsonPath`;
    const found = findField(jsonPath, schema, false);
    if (jsonPath === '') errors.push(required(at));
    else if ('problem' in found) errors.push(invalid(at, jsonPath, `is an invalid path: ${found.problem}`));
    else {
      if (found.path[0] === 'metadata') errors.push(invalid(at, jsonPath, 'must not point to fields in metadata'));
      if (!['string', 'boolean', 'integer'].includes(textOf(found.schema, 'type')))
        errors.push(
          invalid(at, jsonPath, 'must point to a field of type string, boolean or integer. Enum string fields and strings with formats are allowed.'),
        );
      const name = found.path.join('.');
      if (seen.has(name)) errors.push(duplicate(at, jsonPath));
      seen.add(name);
    }
  });
  if (seen.size > MAX_SELECTABLE) errors.push(tooMany(path, seen.size, MAX_SELECTABLE));
}

function warningProblems(isDeprecated: boolean, warning: string | undefined): readonly string[] {
  if (warning === undefined) return [];
  if (!isDeprecated) return ['can only be set for deprecated versions'];
  const at = [...warning].findIndex((char) => /[\p{C}\p{Zl}\p{Zp}]|(?! )\p{Zs}/u.test(char));
  return [
    ...(warning.length > 256 ? ['must be <= 256 characters long'] : []),
    ...(warning === '' ? ['must not be an empty string'] : []),
    ...(at < 0 ? [] : [`must only contain printable UTF-8 characters; non-printable character found at index ${at}`]),
  ];
}

const hasDefault = (schema: unknown): boolean =>
  typeof schema === 'object' && schema !== null && (!Array.isArray(schema) && Object.hasOwn(schema, 'default') ? true : Object.values(schema).some(hasDefault));

const NOT_SIMPLE = 'must be a simple json path starting with .';

/** `.spec.x`, `.a[0].b` (validateSimpleJSONPath asks no more than the first character of most). */
const isSimplePath = (path: string): boolean => path.startsWith('.');

function validateScale(scale: unknown, path: string, errors: FieldError[]): void {
  if (scale === undefined || scale === null) return;
  const { specReplicasPath = '', statusReplicasPath = '', labelSelectorPath } = scale as Readonly<Record<string, string | undefined>>;
  const check = (field: string, value: string, under: readonly string[], where: string): void => {
    if (value === '') errors.push(required(`${path}.${field}`));
    else if (!isSimplePath(value)) errors.push(invalid(`${path}.${field}`, value, NOT_SIMPLE));
    else if (!under.some((root) => value.startsWith(root))) errors.push(invalid(`${path}.${field}`, value, `should be a json path under ${where}`));
  };
  check('specReplicasPath', specReplicasPath, ['.spec.'], '.spec');
  check('statusReplicasPath', statusReplicasPath, ['.status.'], '.status');
  if (labelSelectorPath) check('labelSelectorPath', labelSelectorPath, ['.status.', '.spec.'], 'either .spec or .status');
}

interface WebhookConversion {
  readonly clientConfig?: { readonly url?: string; readonly service?: Parameters<typeof validateWebhookService>[0] };
  readonly conversionReviewVersions?: readonly string[];
}

function validateConversion(conversion: CustomResourceDefinitionSpec['conversion'], keepsUnknown: boolean, errors: FieldError[]): void {
  if (conversion === undefined) return;
  const { strategy } = conversion;
  const { clientConfig, conversionReviewVersions: reviews = [] } = (conversion.webhook ?? {}) as WebhookConversion;
  const [at, client, versions] = ['spec.conversion.strategy', 'spec.conversion.webhookClientConfig', 'spec.conversion.conversionReviewVersions'];
  if (strategy !== 'None' && keepsUnknown) errors.push(invalid(at, strategy, 'must be None if spec.preserveUnknownFields is true'));
  if (strategy === '') errors.push(required(at));
  else if (strategy !== 'None' && strategy !== 'Webhook') errors.push(notSupported(at, strategy, ['None', 'Webhook']));
  if (strategy !== 'Webhook') {
    if (clientConfig !== undefined) errors.push(forbidden(client, 'should not be set when strategy is not set to Webhook'));
    if (reviews.length > 0) errors.push(forbidden(versions, 'should not be set when strategy is not set to Webhook'));
    return;
  }
  if (clientConfig === undefined) errors.push(required(client, 'required when strategy is set to Webhook'));
  else if ((clientConfig.url === undefined) === (clientConfig.service === undefined))
    errors.push(required(client, 'exactly one of url or service is required'));
  else if (clientConfig.url !== undefined) validateWebhookUrl(clientConfig.url, `${client}.url`, errors);
  else validateWebhookService(clientConfig.service ?? {}, `${client}.service`, errors);
  if (reviews.length === 0) errors.push(required(versions));
  else validateReviewVersions(reviews, versions, errors);
}

function validateNames(names: Partial<CustomResourceDefinitionNames>, path: string, errors: FieldError[]): void {
  const label = (field: string, value: string, lower: boolean): void => {
    const problems = dns1035Label(lower ? value.toLowerCase() : value);
    if (problems.length > 0) errors.push(invalid(field, value, `${lower ? 'may have mixed case, but should otherwise match: ' : ''}${problems.join(',')}`));
  };
  if (names.plural) label(`${path}.plural`, names.plural, false);
  if (names.singular) label(`${path}.singular`, names.singular, false);
  if (names.kind) label(`${path}.kind`, names.kind, true);
  if (names.listKind) label(`${path}.listKind`, names.listKind, true);
  names.shortNames?.forEach((name, i) => {
    label(index(`${path}.shortNames`, i), name, false);
  });
  if (names.kind && names.kind === names.listKind) errors.push(invalid(`${path}.listKind`, names.listKind, 'kind and listKind may not be the same'));
  names.categories?.forEach((name, i) => {
    label(index(`${path}.categories`, i), name, false);
  });
}

function validateStoredVersions(stored: readonly string[], versions: readonly CustomResourceDefinitionVersion[], errors: FieldError[]): void {
  if (stored.length === 0) {
    errors.push(invalid('status.storedVersions', goSyntax('[]string(nil)'), 'must have at least one stored version'));
    return;
  }
  // Each is found once: a second version of the name counts as not stored.
  const left = new Set(stored);
  for (const { name, storage } of versions)
    if (!left.delete(name) && storage) errors.push(invalid('status.storedVersions', goStrings(stored), `must have the storage version ${name}`));
  stored.forEach((name, i) => {
    if (left.has(name))
      errors.push(
        invalid(
          index('status.storedVersions', i),
          name,
          `missing from spec.versions; ${name} was previously a storage version, and must remain in spec.versions until a storage migration ensures no data remains persisted in ${name} and removes ${name} from status.storedVersions`,
        ),
      );
  });
}

/** Groups of the project itself need its approval (apihelpers.IsProtectedCommunityGroup). */
function validateApproval(annotation: string | undefined, group: string, errors: FieldError[]): void {
  if (!/(^|\.)(k8s|kubernetes)\.io$/.test(group)) return;
  const path = mapKey('metadata.annotations', APPROVAL);
  const see = 'see https://github.com/kubernetes/enhancements/pull/1111';
  if (!annotation) errors.push(required(path, `protected groups must have approval annotation "${APPROVAL}", ${see}`));
  else if (!annotation.startsWith('unapproved') && !/^https?:\/\/[^/]+/.test(annotation))
    errors.push(
      invalid(
        path,
        annotation,
        `protected groups must have approval annotation "${APPROVAL}" with either a URL or a reason starting with "unapproved", ${see}`,
      ),
    );
}
