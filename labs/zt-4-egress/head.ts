import { defineHead } from '../../lib/lab/head';

export default defineHead({
  minutes: 40,
  outcomes: [
    'deny the metadata address',
    'maintain sets of denied and allowed destinations',
    'schedule a policy by time',
  ],
  conclusion:
    'Egress needs three answers: never for the metadata address, never for known threats, and a list for the rest.',
  links: [
    {
      title: 'NetworkSet resource, Calico',
      url: 'https://docs.tigera.io/calico/latest/reference/resources/globalnetworkset',
    },
    {
      title: 'Instance metadata, Amazon EC2',
      url: 'https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/configuring-instance-metadata-service.html',
    },
    {
      title: 'Running automated tasks with a CronJob, Kubernetes',
      url: 'https://kubernetes.io/docs/tasks/job/automated-tasks-with-cron-jobs/',
    },
    {
      title: 'Security best practices, Amazon EKS',
      url: 'https://docs.aws.amazon.com/eks/latest/best-practices/network-security.html',
    },
  ],
});
