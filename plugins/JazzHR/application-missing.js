const [applicant, job] = input.application_id.split('~');
if (reads.applicant === null) return `JazzHR has no applicant '${applicant}'.`;
return reads.applicant.jobs.some(j => String(j.job_id) === job) ? null : `Applicant '${applicant}' has not applied to job '${job}'.`;
