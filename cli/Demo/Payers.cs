using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Hub.Cli.Demo;

/// <summary>How the customers of the story pay: decided by seed, contract and invoice date alone, never by chance or id order.</summary>
internal static class Payers
{
    /// <summary>What the customer has paid of an invoice by a date, in minor units.</summary>
    /// <param name="total">Amount due, minor units.</param>
    /// <param name="step">Smallest amount a bank transfer of the currency can have, minor units.</param>
    public static long PaidBy(DateOnly today, int seed, string contract, DateOnly issued, DateOnly due, long total, int step) => Habit(seed, contract, issued) switch
    {
        < 55 => today >= due.AddDays(-2) ? total : 0,
        < 70 => today >= due.AddDays(20) ? total : today >= due ? Half(total, step) : 0,
        < 85 => today >= due.AddDays(12) ? total : 0,
        _ => 0,
    };

    private static long Half(long total, int step) => total / 2 / step * step;

    private static int Habit(int seed, string contract, DateOnly issued)
    {
        byte[] hash = SHA256.HashData(Encoding.UTF8.GetBytes($"{seed}|{contract}|{issued:yyyy-MM-dd}"));
        return (int)(BinaryPrimitives.ReadUInt32BigEndian(hash) % 100);
    }
}
