// A post and a stage name their job by id alone. Posts stand in the payload itself, a deleted one under its name.
const { job, job_interview_stage: stage, job_post: deleted } = payload.payload;
const id = v => v === null || v === undefined ? null : String(v);
const post = deleted ?? (job || stage ? null : payload.payload);

return {
  job: { id: id(job?.id ?? (stage ?? post)?.job_id), title: job?.name ?? null, requisition_id: id(job?.requisition_id) },
  ...(stage ? { stage: { id: id(stage.id), name: stage.name ?? null } } : {}),
  ...(post ? { job_post: { id: id(post.id), title: post.title ?? null } } : {})
};
