/** The labs' workloads and policies as cdk8s charts. */
export { chartedLabs, stagesOf, synthesizeStage } from '../../charts';
export { namespaces, service, Workload, type WorkloadProps } from '../../charts/workload';
