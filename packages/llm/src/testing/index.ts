export { type FaultRow, type Expected, type ExpectedError, faultTable } from './fault-table.ts';
export {
  modelContract,
  type ContractCase,
  type ModelSubject,
  type SubjectFactory,
} from './model-contract.ts';
