"""one-time links and sessions of the dashboard

Revision ID: 0004
Revises: 0003
"""

import sqlalchemy as sa
from alembic import op

revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name in ('dashboard_link', 'dashboard_session'):
        op.create_table(
            name,
            sa.Column('mark', sa.String(), nullable=False),
            sa.Column('contact_id', sa.Integer(), nullable=True),
            sa.Column('expires', sa.DateTime(timezone=True), nullable=False),
            sa.ForeignKeyConstraint(['contact_id'], ['contact.id'], name=op.f(f'fk_{name}_contact_id')),
            sa.PrimaryKeyConstraint('mark', name=op.f(f'pk_{name}')),
            sqlite_with_rowid=False,
        )
        op.create_index(op.f(f'ix_{name}_contact_id'), name, ['contact_id'])


def downgrade() -> None:
    for name in ('dashboard_session', 'dashboard_link'):
        op.drop_table(name)
