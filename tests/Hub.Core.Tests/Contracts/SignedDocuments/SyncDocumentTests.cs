using System.Text;
using Hub.Core.Contracts;
using Hub.Core.Contracts.SignedDocuments;
using Hub.Core.Tests.Collections;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using NodaTime;
using F = Hub.Core.Contracts.SalesforceFields.Opportunity;

namespace Hub.Core.Tests.Contracts.SignedDocuments;

public sealed class SyncDocumentTests
{
    private const string Differing = "This Agreement commences on 1 February 2027. Payment Terms: Net 60.";
    private static readonly SalesforceId Id = SalesforceId.Parse(Deals.OpportunityId);

    private readonly ContractPorts _ports = new();
    private readonly Attachments _files = new();
    private readonly HandClock _clock = new(Instant.FromUtc(2026, 12, 15, 9, 0));

    public SyncDocumentTests() => _ports.Put(DocumentCorpus.Deal());

    [Fact]
    public async Task Off_reads_no_files()
    {
        _files.Text("contract.txt", Differing);

        await Handle(SignedDocumentMode.Off);

        Assert.Equal(0, _files.Asked);
        Assert.Equal(ContractState.Active, _ports.Records[Id].State);
    }

    [Fact]
    public async Task Report_bills_and_notes_the_differences_on_the_opportunity_and_in_the_audit_trail()
    {
        _files.Text("contract.txt", Differing);

        await Handle(SignedDocumentMode.Report);

        Assert.Single(_ports.Billed);
        Assert.Equal("Billing active", _ports.Written.First(written => written.Fields.ContainsKey(F.SyncStatus)).Fields[F.SyncStatus]);
        string message = Assert.IsType<string>(_ports.Written.First(written => written.Fields.ContainsKey(F.SyncStatus)).Fields[F.SyncMessage]);
        Assert.StartsWith("Stripe bills this contract.\nNote, document-differs: ", message, StringComparison.Ordinal);
        Assert.Contains("states the start 2027-02-01, the deal 2027-01-01: \"This Agreement commences on 1 February 2027.\"", message, StringComparison.Ordinal);
        string audited = Assert.Single(_ports.Trail.Values).Payload;
        Assert.Contains($"document-differs Opportunity {Deals.OpportunityId} {F.ContractStart}", audited, StringComparison.Ordinal);
        Assert.Contains($"document-differs Opportunity {Deals.OpportunityId} {F.PaymentTerms}", audited, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_replay_of_a_noted_contract_writes_nothing_again()
    {
        _files.Text("contract.txt", Differing);
        await Handle(SignedDocumentMode.Report);
        int effects = _ports.Effects;

        await Handle(SignedDocumentMode.Report);

        Assert.Equal(effects, _ports.Effects);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public async Task Dying_after_any_effect_keeps_the_notes(int effect)
    {
        _files.Text("contract.txt", Differing);
        _ports.DieAfter = effect;
        await Assert.ThrowsAsync<Killed>(() => Handle(SignedDocumentMode.Report));

        await Handle(SignedDocumentMode.Report);
        await Handle(SignedDocumentMode.Report);

        Assert.Single(_ports.Billed);
        Assert.Equal(2, _ports.Records[Id].Problems.Length);
        Assert.All(_ports.Records[Id].Problems, problem => Assert.Equal(ProblemSeverity.Note, problem.Severity));
    }

    [Fact]
    public async Task Block_refuses_the_deal_and_a_corrected_document_lets_it_through()
    {
        _files.Text("contract.txt", Differing);
        await Handle(SignedDocumentMode.Block);

        Assert.Equal(0, _ports.StripeCalls);
        Assert.Equal(ContractState.NeedsAttention, _ports.Records[Id].State);
        Assert.Equal([ProblemCodes.DocumentDiffers, ProblemCodes.DocumentDiffers], _ports.Records[Id].Problems.Select(problem => problem.Code));

        _files.Files.Clear();
        _files.Text("contract.txt", "This Agreement commences on 1 January 2027. Payment Terms: Net 30.");
        await Handle(SignedDocumentMode.Block);

        Assert.Equal(ContractState.Active, _ports.Records[Id].State);
        Assert.Empty(_ports.Records[Id].Problems);
    }

    [Fact]
    public async Task Differences_join_the_other_findings_of_a_refused_deal()
    {
        _ports.Put(DocumentCorpus.Deal(("Hub_Payment_Terms__c", "Net 33")));
        _files.Text("contract.txt", "This Agreement commences on 1 February 2027.");

        await Handle(SignedDocumentMode.Report);

        Assert.Equal(
            [(ProblemCodes.PaymentTermsUnknown, ProblemSeverity.Refuses), (ProblemCodes.DocumentDiffers, ProblemSeverity.Note)],
            _ports.Records[Id].Problems.Select(problem => (problem.Code, problem.Severity)));
    }

    [Fact]
    public async Task A_contract_that_is_billed_already_is_noted_and_never_stopped()
    {
        await Handle(SignedDocumentMode.Block);
        _files.Text("contract.txt", Differing);

        await Handle(SignedDocumentMode.Block);

        Assert.Equal(ContractState.Active, _ports.Records[Id].State);
        Assert.Equal(1, _ports.StripeCalls);
        Assert.All(_ports.Records[Id].Problems, problem => Assert.Equal(ProblemSeverity.Note, problem.Severity));
        Assert.Contains("Note, document-differs", Assert.IsType<string>(_ports.Written.Last(written => written.Object == "Opportunity").Fields[F.SyncMessage]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_may_not_be_read_is_said_and_blocks_where_differences_do()
    {
        _files.Refusal = "INSUFFICIENT_ACCESS";

        await Handle(SignedDocumentMode.Block);

        Problem problem = Assert.Single(_ports.Records[Id].Problems);
        Assert.Equal(ProblemCodes.DocumentUnreadable, problem.Code);
        Assert.Contains("INSUFFICIENT_ACCESS", problem.Message, StringComparison.Ordinal);
        Assert.Equal(0, _ports.StripeCalls);
    }

    [Fact]
    public async Task A_deal_without_an_attached_text_passes_even_where_differences_block()
    {
        _files.File("contract", "pdf", "%PDF-1.7"u8.ToArray());

        await Handle(SignedDocumentMode.Block);

        Assert.Equal(ContractState.Active, _ports.Records[Id].State);
        Assert.Empty(_ports.Records[Id].Problems);
    }

    [Fact]
    public async Task Of_several_texts_the_one_named_signed_is_read_and_without_one_none()
    {
        _files.Text("notes.txt", Differing).Text("contract.txt", Differing);
        await Handle(SignedDocumentMode.Report);
        Assert.Contains("2 text files are attached", Assert.Single(_ports.Records[Id].Problems).Message, StringComparison.Ordinal);

        _files.Text("Contract (signed).txt", "This Agreement commences on 1 February 2027.");
        await Handle(SignedDocumentMode.Report);
        Assert.Equal(F.ContractStart, Assert.Single(_ports.Records[Id].Problems).Field);
    }

    [Fact]
    public void Bytes_are_text_in_the_usual_encodings_and_nothing_else_is()
    {
        Assert.Equal("Währung: €", Text([.. Encoding.UTF8.Preamble, .. "Währung: €"u8]));
        Assert.Equal("Währung", Text([.. Encoding.Unicode.Preamble, .. Encoding.Unicode.GetBytes("Währung")]));
        Assert.Equal("Währung", Text([.. Encoding.BigEndianUnicode.Preamble, .. Encoding.BigEndianUnicode.GetBytes("Währung")]));
        Assert.Equal("Währung", Text(Encoding.Latin1.GetBytes("Währung")));
        Assert.Contains("is a PDF", Refused("\n%PDF-1.4 …"u8), StringComparison.Ordinal);
        Assert.Contains("is a Word or zip file", Refused("PK\u0003\u0004…"u8), StringComparison.Ordinal);
        Assert.Equal("is no text", Refused("a\0b"u8));
        Assert.Equal("is empty", Refused(" \n"u8));
        Assert.Equal("is larger than 1 MB", Refused(new byte[DocumentText.MostBytes + 1]));
    }

    private static string Text(ReadOnlySpan<byte> bytes) => Assert.IsType<DocumentTextOutcome.Read>(DocumentText.Of(bytes)).Text;

    private static string Refused(ReadOnlySpan<byte> bytes) => Assert.IsType<DocumentTextOutcome.Refused>(DocumentText.Of(bytes)).Reason;

    private Task Handle(SignedDocumentMode mode) => _ports.Deliver(
        new(Deals.OpportunityId, ContractSources.Poll, Instant.FromUtc(2026, 12, 15, 9, 0)), _clock, new() { SignedDocuments = mode }, _files);
}
