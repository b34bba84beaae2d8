import { customresourcedefinitions } from '../../../src/resources/customresourcedefinitions/index.js';
import { runValidationCases } from '../validation-cases.js';

runValidationCases(customresourcedefinitions);
