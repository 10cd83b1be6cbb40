// The record holds messages, questionnaires and the text of the résumé too: only what is used is kept. Of one job there is no list, and an unknown id gives nothing at all.
const a = [].concat(response.body ?? [])[0];
if (a == null) return null;
return {
  id: a.id, first_name: a.first_name, last_name: a.last_name, email: a.email, phone: a.phone ?? a.prospect_phone, source: a.source, apply_date: a.apply_date,
  jobs: [].concat(a.jobs ?? []).map(j => ({ job_id: j.job_id, job_title: j.job_title, workflow_step_id: j.workflow_step_id, applicant_progress: j.applicant_progress }))
};
