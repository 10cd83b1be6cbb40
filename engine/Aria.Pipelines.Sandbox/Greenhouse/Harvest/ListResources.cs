using System.Text.Json.Nodes;
using Aria.Pipelines.Sandbox.Greenhouse.Records;
using static Aria.Pipelines.Sandbox.Greenhouse.Harvest.ListFilters;

namespace Aria.Pipelines.Sandbox.Greenhouse.Harvest;

/// <summary>The ten lists the sandbox serves, with the filters and response fields of the v3 reference.</summary>
internal sealed class ListResources(Account account)
{
    public IReadOnlyDictionary<string, ListResource> ByName { get; } = new ListResource[]
    {
        Of("applications", account.Applications, new()
        {
            ["candidate_ids"] = Ids("candidate_id"),
            ["job_ids"] = Ids("job_id"),
            ["prospective_job_ids"] = Ids("prospective_job_ids"),
            ["job_post_ids"] = Ids("job_post_id"),
            ["source_ids"] = Ids("source_id"),
            ["referrer_ids"] = Ids("referrer_id"),
            ["stage_ids"] = Ids("stage_id"),
            ["status"] = Choice("status", "rejected|hired|converted|active", s => s == "active" ? "in_process" : s),
            ["stage_name"] = Text("stage_name"),
            ["custom_field_option_id"] = One((e, id) => ((Application)e).Fields.HoldsOption(id)),
            ["last_activity_at"] = Date("last_activity_at"),
            ["prospect"] = Bool("prospect"),
        }, "agency_note_id answers candidate_id coordinator_id custom_fields job_id job_post_id last_activity_at location_address needs_decision prospect prospective_job_ids recruiter_id referrer_id rejected_at source_id stage_id stage_name status"),
        Of("candidates", account.Candidates, new()
        {
            ["last_activity_at"] = Date("last_activity_at"),
            ["custom_field_option_id"] = One((e, id) => ((Candidate)e).Fields.HoldsOption(id)),
            // True includes private candidates, so only false narrows the list.
            ["private"] = (name, value) => ReadBool(name, value) ? _ => true : e => !(bool)e.Row["private"]!,
            ["email"] = (_, value) => e => string.Equals(((Candidate)e).Person.Email, value, StringComparison.OrdinalIgnoreCase),
            ["tag"] = (_, value) => e => ((Candidate)e).Tags.Contains(value),
        }, "addresses can_email company custom_fields email_addresses first_name last_activity_at last_name linked_user_ids phone_numbers preferred_name private social_media_addresses tags time_zone title website_addresses"),
        Of("jobs", account.Jobs, new()
        {
            ["opened_at"] = Date("opened_at"),
            ["closed_at"] = Date("closed_at"),
            ["requisition_id"] = Text("requisition_id"),
            ["department_id"] = One((e, id) => (long?)e.Row["department_id"] == id),
            ["office_id"] = One((e, id) => ((JsonArray)e.Row["office_ids"]!).Any(o => (long)o! == id)),
            ["custom_field_option_id"] = One((_, _) => false),
            ["confidential"] = Bool("confidential"),
            ["status"] = Choice("status", "open|draft|closed"),
        }, "closed_at confidential copied_from_id custom_fields department_id is_template name notes office_ids opened_at requisition_id status"),
        Of("job_interview_stages", account.JobStages, new() { ["job_ids"] = Ids("job_id"), ["active"] = Bool("active") }, "active job_id name sort_order"),
        Of("application_stages", account.ApplicationStages, new()
        {
            ["application_ids"] = Ids("application_id"),
            ["job_interview_stage_ids"] = Ids("job_interview_stage_id"),
            ["current"] = Bool("current"),
        }, "application_id current days_in_stage entered_at exited_at job_interview_stage_id"),
        Of("notes", account.Notes, new()
        {
            ["candidate_ids"] = Ids("candidate_id"),
            ["user_ids"] = Ids("user_id"),
            ["application_ids"] = Ids("application_id"),
            ["type"] = Choice("type", NoteCreation.Types),
            ["visibility"] = Choice("visibility", "admin_only_visible|privately_visible|publicly_visible"),
        }, "application_id body body_with_tags candidate_id email_attachment_file_names email_cc email_from email_to import_hash subject type user_id visibility"),
        Of("custom_fields", account.Fields, new()
        {
            ["field_type"] = Choice("field_type", "job|opening|standard|offer|compensation_frequency|candidate|referral_question|application|rejection_question|form|agency_question|user_attribute"),
            ["active"] = Bool("active"),
            ["name"] = Text("name"),
            ["name_key"] = Text("name_key"),
        }, "active api_only application_type default_value description expose_in_job_board_api field_type internal_type name name_key placeholder private require_approval required sort_order template_token_string trigger_new_version updated_by_id use_for_job_approvals use_for_offer_approvals value_type"),
        Of("custom_field_options", account.Options, new()
        {
            ["custom_field_ids"] = Ids("custom_field_id"),
            ["active"] = Bool("active"),
            ["custom_field_key"] = (_, value) => e => ((CustomFieldOption)e).Field.NameKey == value,
        }, "active custom_field_id external_id name sort_order"),
        Of("users", account.Users, new()
        {
            ["agency_ids"] = Ids("agency_id"),
            ["office_ids"] = Ids("office_ids"),
            ["department_ids"] = Ids("department_ids"),
            ["linked_candidate_ids"] = Ids("linked_candidate_ids"),
            ["interviewer_tag_ids"] = Ids("interviewer_tags"),
            ["employee_ids"] = (_, value) => e => value.Split(',').Contains((string?)e.Row["employee_id"]),
            ["custom_field_option_id"] = One((_, _) => false),
            ["deactivated"] = Bool("deactivated"),
            ["primary_email"] = Text("primary_email", StringComparison.OrdinalIgnoreCase),
            ["external_office_id"] = (_, _) => _ => false,
            ["external_department_id"] = (_, _) => _ => false,
            ["show_service_accounts"] = (name, value) => ReadBool(name, value) ? _ => true : e => !((User)e).IsService,
        }, "agency_id custom_fields deactivated department_ids emails employee_id first_name interviewer_tags job_title last_name linked_candidate_ids name office_ids primary_email site_admin") with
        {
            Unless = new Dictionary<string, Func<Entity, bool>> { ["show_service_accounts"] = e => !((User)e).IsService },
        },
        Of("attachments", account.Attachments, new()
        {
            ["application_ids"] = Ids("application_id"),
            ["candidate_ids"] = Ids("candidate_id"),
            ["type"] = Choice("type", "resume|cover_letter|take_home_test|offer_packet|offer_letter|signed_offer_letter|other|form_attachment|midfunnel_agreement|automated_agreement"),
        }, "application_id candidate_id filename type url"),
    }.ToDictionary(r => r.Name);

    private static ListResource Of<T>(string name, Table<T> table, Dictionary<string, ListFilter> filters, string fields)
        where T : Entity
    {
        filters["created_at"] = Date("created_at");
        filters["updated_at"] = Date("updated_at");
        return new ListResource(name, () => table.Rows, table.Find, filters) { Fields = fields.Split(' ').Concat(["id", "created_at", "updated_at"]).ToHashSet() };
    }
}
