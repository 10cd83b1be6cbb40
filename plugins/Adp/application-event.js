// The status is the one of which the event tells; the application is read afterwards, and may be gone or have moved on by then.
const a = reads.application ?? payload;
const status = payload.status ?? a.applicationStatusCode ?? null;
const person = a.applicant?.person ?? {};
const name = payload.applicant?.person?.personName ?? person.personName ?? {};
const phone = person.communication?.mobiles?.[0] ?? person.communication?.landlines?.[0] ?? null;
const email = person.communication?.emails?.[0]?.emailUri?.trim() || null;
const full = [name.givenName, name.familyName1].filter(n => n).join(' ');
const at = a.applicationSubmittedDateTime ?? a.applicationSource?.submittedDate ?? null;

return {
  application: {
    id: payload.application_id,
    status: status?.shortName ?? status?.codeValue ?? null,
    stage: status?.codeValue ? { id: status.codeValue, name: status.shortName ?? status.codeValue } : null,
    applied_at: at === null ? null : at.replace(/([+-]\d\d)(\d\d)$/, '$1:$2').replace('+00:00', 'Z'),
    url: null,
    source: a.applicationSource?.postingChannelNameCode?.shortName ?? a.applicationSource?.postingChannelNameCode?.codeValue ?? null
  },
  candidate: {
    id: a.applicant?.personOID ?? null,
    first_name: name.givenName ?? null,
    last_name: name.familyName1 ?? null,
    name: full === '' ? name.formattedName ?? null : full,
    email,
    email_canonical: canonicalEmail(email),
    phone: phone?.formattedNumber ?? phone?.dialNumber ?? null,
    resume_url: null,
    url: null
  },
  job: {
    id: a.jobRequisitionReference?.requisitionID ?? null,
    title: a.jobRequisitionReference?.requisitionTitle ?? null,
    requisition_id: a.jobRequisitionReference?.clientRequisitionID ?? null
  }
};
