"""The public interface for programs: JSON and CSV."""
