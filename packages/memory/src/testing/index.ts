export { faulty, type Fault, type FaultScript } from './faulty.ts';
export { storeContract, type StoreFactory } from './store-contract.ts';
