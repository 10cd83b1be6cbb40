// Only this shape says "not there"; any other leaves the question open.
const found = response.body.interviews.find(i => i.external_id === effect.key);
return found
  ? { interview_id: found.interview_id, invitation_link: found.invitation_link ?? null, status: found.status, expires_at: found.expires_at ?? null }
  : null;
