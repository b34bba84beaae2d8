/** Whether fieldsV1 as a client sent it can be read (structured-merge-diff fieldpath serialize-pe.go). */

import { isMap } from '../../api/json-data.js';
import { parseJson } from '../decode/json-text.js';

export function isFieldSet(json: unknown): boolean {
  return isMap(json) && Object.entries(json).every(([key, below]) => (key === '.' || isElement(key)) && isFieldSet(below));
}

function isElement(element: string): boolean {
  const body = element.slice(2);
  if (element.startsWith('f:')) return true;
  if (element.startsWith('i:')) return /^\d+$/.test(body);
  const parsed = /^[kv]:/.test(element) ? parseJson(body) : undefined;
  return parsed !== undefined && 'value' in parsed && (element.startsWith('v:') || isMap(parsed.value));
}
