/** apiextensions-apiserver pkg/apis/apiextensions/validation/validation.go. CEL rules and selectable fields are not looked into. */
import { isSemanticEqual } from '../../api/equality.js';
import { type FieldError, type GoSyntax, goQuote, goSyntax, index, invalid, mapKey, notSupported, required } from '../../api/field.js';
import { dns1035Label, dnsSubdomain, type NameCheck, nameIsSubdomain } from '../meta/names.js';
import { goStrings, validateImmutable, validateObjectMeta, validateObjectMetaUpdate } from '../meta/validation.js';
import { validateStructure } from './structural.js';
import type { CustomResourceDefinition, CustomResourceDefinitionNames, CustomResourceDefinitionSpec, CustomResourceDefinitionVersion } from './types.js';

const APPROVAL = 'api-approved.kubernetes.io';
const SCOPES = ['Cluster', 'Namespaced'];
const COLUMN_TYPES = ['boolean', 'date', 'integer', 'number', 'string'];

export function validate({ metadata, spec, status }: CustomResourceDefinition): FieldError[] {
  const errors: FieldError[] = [];
  const name: NameCheck = (text, prefix) =>
    text === `${spec.names.plural}.${spec.group ?? ''}`
      ? nameIsSubdomain(text, prefix)
      : [...nameIsSubdomain(text, prefix), 'must be spec.names.plural+"."+spec.group'];
  validateObjectMeta(metadata, { namespaced: false, name, qualifiedFinalizers: false }, errors);
  validateSpec(spec, errors);
  validateStoredVersions(status.storedVersions ?? [], spec.versions ?? [], errors);
  validateApproval(metadata.annotations?.[APPROVAL], spec.group ?? '', errors);
  return errors;
}

export function validateUpdate(crd: CustomResourceDefinition, old: CustomResourceDefinition): FieldError[] {
  const errors: FieldError[] = [];
  validateObjectMetaUpdate(crd.metadata, old.metadata, errors, 'metadata', false);
  validateSpec(crd.spec, errors);
  if (old.status.conditions?.some(({ type, status }) => type === 'Established' && status === 'True')) {
    validateImmutable(crd.spec.group, old.spec.group, 'spec.group', errors);
    validateImmutable(crd.spec.names.plural, old.spec.names.plural, 'spec.names.plural', errors);
    validateImmutable(crd.spec.scope, old.spec.scope, 'spec.scope', errors);
    validateImmutable(crd.spec.names.kind, old.spec.names.kind, 'spec.names.kind', errors);
  }
  validateStoredVersions(crd.status.storedVersions ?? [], crd.spec.versions ?? [], errors);
  return errors;
}

function validateSpec(spec: CustomResourceDefinitionSpec, errors: FieldError[]): void {
  const { group = '', scope = '', names, versions = [], conversion } = spec;
  if (group === '') errors.push(required('spec.group'));
  else {
    const problems = dnsSubdomain(group);
    if (problems.length > 0) errors.push(invalid('spec.group', group, problems.join(',')));
    else if (!group.includes('.')) errors.push(invalid('spec.group', group, 'should be a domain with at least one dot'));
  }
  if (scope === '') errors.push(required('spec.scope'));
  else if (!SCOPES.includes(scope)) errors.push(notSupported('spec.scope', scope, SCOPES));
  validateVersions(versions, errors);
  validateNames(names, errors);
  if (conversion?.strategy === '') errors.push(required('spec.conversion.strategy'));
  else if (conversion !== undefined && conversion.strategy !== 'None' && conversion.strategy !== 'Webhook')
    errors.push(notSupported('spec.conversion.strategy', conversion.strategy, ['None', 'Webhook']));
  if (conversion?.strategy === 'Webhook') {
    const { clientConfig, conversionReviewVersions: versionsOfReview } = conversion.webhook ?? {};
    if (clientConfig === undefined) errors.push(required('spec.conversion.webhookClientConfig', 'required when strategy is set to Webhook'));
    if (!Array.isArray(versionsOfReview) || versionsOfReview.length === 0) errors.push(required('spec.conversion.conversionReviewVersions'));
  }
  if (spec.preserveUnknownFields === true)
    errors.push(
      invalid('spec.preserveUnknownFields', true, 'cannot set to true, set x-kubernetes-preserve-unknown-fields to true in spec.versions[*].schema instead'),
    );
}

function validateVersions(versions: readonly CustomResourceDefinitionVersion[], errors: FieldError[]): void {
  const isHoisted = versions.every(({ schema }) => isSemanticEqual(schema, versions[0]?.schema));
  const names = versions.map(({ name }) => name);
  const haveSameColumns = versions.every(({ additionalPrinterColumns }) => isSemanticEqual(additionalPrinterColumns, versions[0]?.additionalPrinterColumns));
  const haveSameSubresources = versions.every(({ subresources }) => isSemanticEqual(subresources, versions[0]?.subresources));
  versions.forEach(({ name, schema, additionalPrinterColumns, deprecated, deprecationWarning, subresources }, i) => {
    const path = index('spec.versions', i);
    const problems = dns1035Label(name ?? '');
    if (problems.length > 0) errors.push(invalid(`${path}.name`, name ?? '', problems.join(',')));
    if (schema?.openAPIV3Schema === undefined) errors.push(required(`${path}.schema.openAPIV3Schema`, 'schemas are required'));
    // Schemas that are all the same are kept as one, and reported there.
    else if (!isHoisted || i === 0)
      validateStructure(schema.openAPIV3Schema, isHoisted ? 'spec.validation.openAPIV3Schema' : `${path}.schema.openAPIV3Schema`, errors);
    if (deprecationWarning !== undefined && deprecated !== true)
      errors.push(invalid(`${path}.deprecationWarning`, deprecationWarning, 'can only be set for deprecated versions'));
    if (!haveSameSubresources || i === 0) validateScale(subresources?.scale, `${haveSameSubresources ? 'spec' : path}.subresources.scale`, errors);
    // Columns, too, are kept as one if they are the same.
    if (haveSameColumns && i > 0) return;
    additionalPrinterColumns?.forEach(({ name: column, type, jsonPath }, j) => {
      const at = index(`${haveSameColumns ? 'spec' : path}.additionalPrinterColumns`, j);
      if (!column) errors.push(required(`${at}.name`));
      if (!type) errors.push(required(`${at}.type`, `must be one of ${COLUMN_TYPES.join(',')}`));
      else if (!COLUMN_TYPES.includes(type)) errors.push(invalid(`${at}.type`, type, `must be one of ${COLUMN_TYPES.join(',')}`));
      if (!jsonPath) errors.push(required(`${at}.JSONPath`));
      else if (!isSimplePath(jsonPath)) errors.push(invalid(`${at}.JSONPath`, jsonPath, NOT_SIMPLE));
    });
  });
  if (new Set(names).size < names.length) errors.push(invalid('spec.versions', goVersions(versions), 'must contain unique version names'));
  if (versions.filter(({ storage }) => storage).length !== 1)
    errors.push(invalid('spec.versions', goVersions(versions), 'must have exactly one version marked as storage version'));
}

const NOT_SIMPLE = 'must be a simple json path starting with .';

/** `.spec.x`, `.a[0].b` (validateSimpleJSONPath asks no more than the first character of most). */
const isSimplePath = (path: string): boolean => path.startsWith('.');

function validateScale(scale: unknown, path: string, errors: FieldError[]): void {
  if (scale === undefined || scale === null) return;
  const { specReplicasPath = '', statusReplicasPath = '', labelSelectorPath } = scale as Readonly<Record<string, string | undefined>>;
  const check = (field: string, value: string, under: readonly string[]): void => {
    if (value === '') errors.push(required(`${path}.${field}`));
    else if (!isSimplePath(value)) errors.push(invalid(`${path}.${field}`, value, NOT_SIMPLE));
    else if (!under.some((root) => value.startsWith(root)))
      errors.push(invalid(`${path}.${field}`, value, `should be a json path under ${under.map((root) => root.slice(0, -1)).join(' or ')}`));
  };
  check('specReplicasPath', specReplicasPath, ['.spec.']);
  check('statusReplicasPath', statusReplicasPath, ['.status.']);
  if (labelSelectorPath) check('labelSelectorPath', labelSelectorPath, ['.status.', '.spec.']);
}

/** %#v of the internal versions; what all have in common has been moved out of them. */
function goVersions(versions: readonly CustomResourceDefinitionVersion[]): GoSyntax {
  const type = 'apiextensions.CustomResourceDefinitionVersion';
  const texts = versions.map(({ name, served, storage, deprecated, deprecationWarning }) => {
    const warning = deprecationWarning === undefined ? '(*string)(nil)' : '(*string)(0xc000000000)';
    const rest =
      'Schema:(*apiextensions.CustomResourceValidation)(nil), Subresources:(*apiextensions.CustomResourceSubresources)(nil), AdditionalPrinterColumns:[]apiextensions.CustomResourceColumnDefinition(nil), SelectableFields:[]apiextensions.SelectableField(nil)';
    return `${type}{Name:${goQuote(name)}, Served:${served ?? false}, Storage:${storage ?? false}, Deprecated:${deprecated ?? false}, DeprecationWarning:${warning}, ${rest}}`;
  });
  return goSyntax(`[]${type}{${texts.join(', ')}}`);
}

function validateNames(names: CustomResourceDefinitionNames, errors: FieldError[]): void {
  const path = 'spec.names';
  for (const field of ['plural', 'singular', 'kind', 'listKind'] as const) if (!names[field]) errors.push(required(`${path}.${field}`));
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
  const names = new Set(versions.map(({ name }) => name));
  stored.forEach((name, i) => {
    if (!names.has(name)) errors.push(invalid(index('status.storedVersions', i), name, 'must appear in spec.versions'));
  });
  const storage = versions.find((version) => version.storage)?.name;
  if (storage !== undefined && !stored.includes(storage))
    errors.push(invalid('status.storedVersions', goStrings(stored), `must have the storage version ${storage}`));
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
