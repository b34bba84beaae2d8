/** What a list or a watch may ask for: apimachinery/pkg/apis/meta/internalversion/validation ValidateListOptions. */
import { badRequest, invalidObject } from '../../api/errors.js';
import { type FieldError, forbidden, notSupported } from '../../api/field.js';
import { first, type Query } from './request-info.js';

const MATCH = 'resourceVersionMatch';
const NOT_WITH_CONTINUE = forbidden(MATCH, 'resourceVersionMatch is forbidden when continue is provided');

/** Throws what is wrong with the options. */
export function checkListOptions(query: Query, watches: boolean): void {
  const seconds = first(query, 'timeoutSeconds');
  if (seconds !== '' && !/^[+-]?\d+$/.test(seconds)) throw badRequest(`strconv.ParseInt: parsing ${JSON.stringify(seconds)}: invalid syntax`);
  const errors = watches ? watchErrors(query) : listErrors(query);
  if (errors.length > 0) throw invalidObject('meta.k8s.io', 'ListOptions', '', errors);
}

function listErrors(query: Query): readonly FieldError[] {
  const errors: FieldError[] = [];
  const [match, version] = [first(query, MATCH), first(query, 'resourceVersion')];
  if (match !== '') {
    if (version === '') errors.push(forbidden(MATCH, 'resourceVersionMatch is forbidden unless resourceVersion is provided'));
    if (first(query, 'continue') !== '') errors.push(NOT_WITH_CONTINUE);
    if (match !== 'Exact' && match !== 'NotOlderThan') errors.push(notSupported(MATCH, match, ['Exact', 'NotOlderThan', '']));
    if (match === 'Exact' && version === '0') errors.push(forbidden(MATCH, 'resourceVersionMatch "exact" is forbidden for resourceVersion "0"'));
  }
  if (query.has('sendInitialEvents')) errors.push(forbidden('sendInitialEvents', 'sendInitialEvents is forbidden for list'));
  return errors;
}

function watchErrors(query: Query): readonly FieldError[] {
  const errors: FieldError[] = [];
  const match = first(query, MATCH);
  const hasInitial = query.has('sendInitialEvents');
  if (hasInitial && match !== 'NotOlderThan') errors.push(forbidden(MATCH, 'sendInitialEvents requires setting resourceVersionMatch to NotOlderThan'));
  if (match !== '') {
    if (!hasInitial) errors.push(forbidden(MATCH, 'resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided'));
    if (match !== 'NotOlderThan') errors.push(notSupported(MATCH, match, ['NotOlderThan']));
    if (first(query, 'continue') !== '') errors.push(NOT_WITH_CONTINUE);
  }
  return errors;
}
